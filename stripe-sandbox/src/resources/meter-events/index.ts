/** Usage as it is reported, and taken back. */
import { meterErrorsDue } from '../../billing/meters/error-report.ts';
import { thresholdsDue } from '../../billing/subscription/thresholds.ts';
import type { Route, TimerHandler } from '../../kernel/types.ts';
import { createAdjustment } from './cancel.ts';
import { createMeterEvent } from './create.ts';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/billing/meter_events', run: createMeterEvent },
  { method: 'POST', path: '/v1/billing/meter_event_adjustments', run: createAdjustment },
];

export const timers: Record<string, TimerHandler> = { meter_validate: meterErrorsDue, threshold_check: thresholdsDue };
