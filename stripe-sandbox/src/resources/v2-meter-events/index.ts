/** Usage through the v2 API: judged at once, or streamed with a session. */
import type { Route } from '../../kernel/types.ts';
import { createAdjustment } from './cancel.ts';
import { createMeterEvent, streamMeterEvents } from './create.ts';
import { createSession } from './session.ts';

export const routes: Route[] = [
  { method: 'POST', path: '/v2/billing/meter_events', run: createMeterEvent },
  { method: 'POST', path: '/v2/billing/meter_event_adjustments', run: createAdjustment },
  { method: 'POST', path: '/v2/billing/meter_event_session', run: createSession },
  { method: 'POST', path: '/v2/billing/meter_event_stream', run: streamMeterEvents },
];
