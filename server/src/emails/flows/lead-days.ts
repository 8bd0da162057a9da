/** How many days ahead a date is announced: the setting of the flow that the subscription's route names, else the trigger's default. */
import { triggerSpec } from '../facts/triggers.ts';
import type { Records } from '../queries/records.ts';
import { chooseRoute } from '../routing/choose-route.ts';
import type { FlowWithVersion, RoutingTable } from '../routing/routes-table.ts';

export function leadDaysFor(table: RoutingTable, trigger: string, records: Records): number {
  const { route } = chooseRoute(table.routes, { trigger, records });
  return leadDaysOf(trigger, (route?.flow_id ? table.flows.get(route.flow_id) : undefined) ?? table.defaultFlows.get(trigger));
}

/** Within the bounds of the trigger, whatever is stored. */
export function leadDaysOf(trigger: string, flow: FlowWithVersion | undefined): number {
  const bounds = triggerSpec(trigger)?.leadDays ?? { default: 0, min: 0, max: 0 };
  const stored = (flow?.version.settings as { lead_days?: unknown } | undefined)?.lead_days;
  const days = typeof stored === 'number' && Number.isInteger(stored) ? stored : bounds.default;
  return Math.min(bounds.max, Math.max(bounds.min, days));
}
