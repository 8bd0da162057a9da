/** A flow's settings change by a new version (P15); mails that announce a date are planned anew by it. */

import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { json, transaction } from '../../kit/database.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { planTimers } from '../occurrences/plan-timers.ts';
import { loadRecords } from '../queries/records.ts';
import { type FlowRow, type FlowVersionRow, readRoutingTable } from '../routing/routes-table.ts';

export type FlowSettings = { lead_days?: number | undefined; manual_payments?: boolean | undefined };

/** Subscriptions planned anew in one round of queries. */
const CHUNK = 200;

/** Changes settings or status of a flow; 400 `lead_days_out_of_range`. Audited. */
export async function saveFlowSettings(
  ctx: Ctx,
  a: { flowId: string; settings: FlowSettings; status?: 'active' | 'paused' | undefined },
): Promise<void> {
  await transaction(ctx, async (tx) => {
    const flow = await lockFlow(tx, a.flowId);
    checkLeadDays(flow.trigger, a.settings.lead_days);
    const current = await currentVersion(tx, flow);
    const given = Object.fromEntries(Object.entries(a.settings).filter(([, value]) => value !== undefined));
    const settings = { ...(current.settings as object), ...given };
    const versionId = await supersede(tx, current, settings);
    const now = tx.clock.now();
    const status = a.status ?? flow.status;
    const resumed = flow.status !== 'active' && status === 'active';
    await tx.db
      .updateTable('email_flows')
      .set((eb) => ({
        current_version_id: versionId,
        status,
        active_since: resumed ? now : flow.active_since,
        updated_at: now,
        actor: tx.actor,
        rev: eb('rev', '+', 1n),
      }))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', flow.id)
      .execute();
    const before = { settings: current.settings, status: flow.status };
    await writeAudit(tx, {
      action: 'email_flow.updated',
      objectType: 'email_flow',
      objectId: flow.id,
      before,
      after: { settings, status },
    });
    if (a.settings.lead_days !== undefined) await planAllAnew(tx);
  });
}

async function lockFlow(tx: Ctx, id: string): Promise<FlowRow> {
  const flow = await tx.db
    .selectFrom('email_flows')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return flow ?? notFound('flow', id);
}

function checkLeadDays(trigger: string, leadDays: number | undefined): void {
  const bounds = triggerSpec(trigger)?.leadDays;
  if (leadDays === undefined || (bounds && leadDays >= bounds.min && leadDays <= bounds.max)) return;
  const message = bounds ? `Lead days lie between ${bounds.min} and ${bounds.max}.` : 'This trigger has no lead time.';
  refuse({ code: 'lead_days_out_of_range', param: 'settings.lead_days', message });
}

function currentVersion(tx: Ctx, flow: FlowRow): Promise<FlowVersionRow> {
  return tx.db
    .selectFrom('email_flow_versions')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', flow.current_version_id ?? '')
    .executeTakeFirstOrThrow();
}

/** Writes the next version with the new settings. Answers its id. */
async function supersede(tx: Ctx, current: FlowVersionRow, settings: object): Promise<string> {
  const { environment_id, flow_id, steps, guards, exits, max_age_seconds, review } = current;
  const id = newId(tx, 'flow_version');
  await tx.db
    .updateTable('email_flow_versions')
    .set({ status: 'superseded' })
    .where('environment_id', '=', environment_id)
    .where('id', '=', current.id)
    .execute();
  await tx.db
    .insertInto('email_flow_versions')
    .values({
      environment_id,
      id,
      flow_id,
      number: current.number + 1,
      steps: json(steps),
      guards: json(guards),
      exits: json(exits),
      max_age_seconds,
      review,
      settings: json(settings),
      status: 'published',
      created_at: tx.clock.now(),
    })
    .execute();
  return id;
}

/** Moves the timers of every live subscription to the new lead time. Leads that have passed are not made up for. */
async function planAllAnew(tx: Ctx): Promise<void> {
  const table = await readRoutingTable(tx);
  for (let after = ''; ; ) {
    const rows = await tx.db
      .selectFrom('subscriptions')
      .select(['id', 'customer_id'])
      .where('environment_id', '=', tx.environmentId)
      .where('status', 'in', ['active', 'in_trial'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(CHUNK)
      .execute();
    const subjects = rows.map((row) => ({ type: 'subscription', id: row.id, customerId: row.customer_id }));
    const recordsOf = await loadRecords(tx, subjects);
    for (const subject of subjects) await planTimers(tx, recordsOf(subject), { historical: true, table });
    if (rows.length < CHUNK) return;
    after = rows.at(-1)!.id;
  }
}
