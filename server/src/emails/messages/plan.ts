/** Occurrences → routes → runs → planned messages, set by set, in one transaction (P4, P7, R1–R5, P13). */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { afterCommit } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';
import type { DB } from '../../kit/schema.generated.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { loadRecords, type Records, type Subject } from '../queries/records.ts';
import { type Choice, chooseRoute } from '../routing/choose-route.ts';
import { type FlowWithVersion, type RoutingTable, readRoutingTable } from '../routing/routes-table.ts';
import { MAIL_QUEUE } from './names.ts';
import { appendTimeline, type TimelineEntry } from './timeline.ts';

export type OccurrenceRow = Selectable<DB['email_occurrences']>;

/** A hold for company on a wall clock: messages of one customer born this close are judged together (T2). */
export const COMPANY_SECONDS = 60;

type Decision = { occurrence: OccurrenceRow; records: Records; choice: Choice } & (
  | { off: string }
  | { off: null; flow: FlowWithVersion; templateId: string }
);

/** Decides every occurrence and writes what follows. The rows must be locked by the caller's transaction. */
export async function planMessages(tx: Ctx, occurrences: OccurrenceRow[]): Promise<void> {
  const recordsOf = await loadRecords(tx, occurrences.map(subjectOf));
  const table = await readRoutingTable(tx);
  const decisions = occurrences.map((occurrence) => decide(occurrence, recordsOf(subjectOf(occurrence)), table));
  const planned = decisions.filter((d) => d.off === null);
  const messageIds = new Map(planned.map((d) => [d.occurrence.id, newId(tx, 'message')]));
  const fresh = await claimKeys(tx, planned, messageIds);
  const starting = planned.filter((d) => fresh.has(messageIds.get(d.occurrence.id)!));
  const runIds = await startRuns(tx, starting);
  await insertMessages(tx, starting, { messageIds, runIds });
  await finish(tx, decisions);
  if (starting.length > 0) afterCommit(tx, () => tx.app.wake(MAIL_QUEUE, tx.environmentId));
}

const subjectOf = (o: OccurrenceRow): Subject => ({ type: o.object_type, id: o.object_id, customerId: o.customer_id });

function decide(occurrence: OccurrenceRow, records: Records, table: RoutingTable): Decision {
  const choice = chooseRoute(table.routes, { trigger: occurrence.trigger, records });
  const base = { occurrence, records, choice };
  const route = choice.route;
  if (!route) return { ...base, off: 'no_route' };
  if (route.off || !route.template_id) return { ...base, off: 'route_off' };
  const happened = occurrence.witness_at ?? occurrence.at;
  // The route knows nothing of what came before it (P13).
  if (isBefore(happened, route.active_since)) return { ...base, off: 'before_route' };
  const flow = (route.flow_id ? table.flows.get(route.flow_id) : undefined) ?? table.defaultFlows.get(occurrence.trigger);
  if (!flow) return { ...base, off: 'no_flow' };
  if (flow.flow.status !== 'active') return { ...base, off: 'flow_off' };
  if (flow.flow.active_since && isBefore(happened, flow.flow.active_since)) return { ...base, off: 'before_flow' };
  if (occurrence.trigger === 'payment.received' && records.invoice?.out_of_band && !settings(flow).manual_payments)
    return { ...base, off: 'manual_payment' };
  return { ...base, off: null, flow, templateId: route.template_id };
}

const isBefore = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;
const settings = (flow: FlowWithVersion) => (flow.version.settings ?? {}) as { manual_payments?: boolean };

type Planned = Extract<Decision, { off: null }>;

/** Takes the message keys; a key taken before belongs to its first message, and nothing is planned again (P7). */
async function claimKeys(tx: Ctx, planned: Planned[], ids: Map<string, string>): Promise<Set<string>> {
  if (planned.length === 0) return new Set();
  const rows = await tx.db
    .insertInto('email_message_subjects')
    .values(
      planned.map(({ occurrence: o }) => ({
        environment_id: tx.environmentId,
        message_id: ids.get(o.id)!,
        trigger: o.trigger,
        customer_id: o.customer_id,
        subject_type: o.object_type,
        subject_id: o.object_id,
        occurrence: o.occurrence,
        step: 0,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('message_id')
    .execute();
  return new Set(rows.map((row) => row.message_id));
}

/** Runs are unique by environment, flow and key (P4); a key that is there joins its run. */
async function startRuns(tx: Ctx, planned: Planned[]): Promise<Map<string, string>> {
  if (planned.length === 0) return new Map();
  const now = tx.clock.now();
  const keyOf = ({ occurrence: o }: Planned) => `${o.object_type}:${o.object_id}:${o.occurrence}`;
  await tx.db
    .insertInto('email_runs')
    .values(
      planned.map((d) => ({
        environment_id: tx.environmentId,
        id: newId(tx, 'run'),
        flow_id: d.flow.flow.id,
        flow_version_id: d.flow.version.id,
        run_key: keyOf(d),
        customer_id: d.occurrence.customer_id,
        subject_type: d.occurrence.object_type,
        subject_id: d.occurrence.object_id,
        occurrence: d.occurrence.occurrence,
        status: 'running',
        created_at: now,
        updated_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['environment_id', 'flow_id', 'run_key']).doNothing())
    .execute();
  const rows = await tx.db
    .selectFrom('email_runs')
    .select(['id', 'flow_id', 'run_key'])
    .where('environment_id', '=', tx.environmentId)
    .where('flow_id', 'in', [...new Set(planned.map((d) => d.flow.flow.id))])
    .where('run_key', 'in', planned.map(keyOf))
    .execute();
  const byKey = new Map(rows.map((row) => [`${row.flow_id} ${row.run_key}`, row.id]));
  return new Map(planned.map((d) => [d.occurrence.id, byKey.get(`${d.flow.flow.id} ${keyOf(d)}`)!]));
}

async function insertMessages(
  tx: Ctx,
  planned: Planned[],
  a: { messageIds: Map<string, string>; runIds: Map<string, string> },
): Promise<void> {
  if (planned.length === 0) return;
  await tx.db
    .insertInto('email_messages')
    .values(planned.map((d) => messageRow(tx, d, { id: a.messageIds.get(d.occurrence.id)!, runId: a.runIds.get(d.occurrence.id)! })))
    .execute();
  await appendTimeline(
    tx,
    planned.flatMap((d) => storyOf(d, a.messageIds.get(d.occurrence.id)!)),
  );
}

function messageRow(tx: Ctx, d: Planned, ids: { id: string; runId: string }): Insertable<DB['email_messages']> {
  const { occurrence: o, records, choice } = d;
  const now = tx.clock.now();
  const stripeIds: Record<string, string | null | undefined> = {
    subscription: records.subscription?.stripe_id,
    invoice: records.invoice?.stripe_id,
    payment: records.payment?.stripe_id,
    refund: records.refund?.stripe_id,
  };
  return {
    environment_id: tx.environmentId,
    id: ids.id,
    run_id: ids.runId,
    trigger: o.trigger,
    variant: o.variant,
    template_id: d.templateId,
    route_id: choice.route!.id,
    customer_id: o.customer_id,
    subject_type: o.object_type,
    subject_id: o.object_id,
    subject_stripe_id: stripeIds[o.object_type] ?? null,
    stripe_customer_id: records.customer?.stripe_id ?? null,
    stripe_product_id: choice.stripeProductId,
    stripe_price_id: choice.stripePriceId,
    product_id: records.subscription?.product_id ?? null,
    plan_id: null,
    occurrence: o.occurrence,
    event_id: o.event_id,
    witness_event_id: o.witness_event_id,
    to_address: records.customer?.email ?? null,
    sender_id: choice.route!.sender_id,
    class: triggerSpec(o.trigger)!.class,
    status: 'planned',
    send_after: now.add({ seconds: COMPANY_SECONDS }),
    expires_at: expiryOf(o, d.flow.version.max_age_seconds),
    planned_wall_at: tx.machineClock.now(),
    created_at: now,
    updated_at: now,
  };
}

/** P12: what announces a date is worth nothing after it. */
function expiryOf(o: OccurrenceRow, maxAgeSeconds: number): Temporal.Instant {
  const byAge = o.at.add({ seconds: maxAgeSeconds });
  if (triggerSpec(o.trigger)?.leadDays === undefined) return byAge;
  const date = Temporal.Instant.from(o.occurrence);
  return Temporal.Instant.compare(date, byAge) < 0 ? date : byAge;
}

function storyOf(d: Planned, messageId: string): TimelineEntry[] {
  const { occurrence: o, choice, flow } = d;
  return [
    {
      messageId,
      kind: 'occurrence',
      detail: {
        occurrence_id: o.id,
        trigger: o.trigger,
        object_type: o.object_type,
        object_id: o.object_id,
        occurrence: o.occurrence,
        event_id: o.event_id,
        witness: o.witness_event_id,
      },
    },
    { messageId, kind: 'route', detail: { route_id: choice.route!.id, levels: choice.tried, template_id: d.templateId } },
    { messageId, kind: 'planned', detail: { flow_id: flow.flow.id, flow_version: flow.version.number, step: 0 } },
  ];
}

/** Marks every occurrence as decided; the ones off say why. */
async function finish(tx: Ctx, decisions: Decision[]): Promise<void> {
  const values = decisions.map(
    (d) => sql`(${d.occurrence.id}::text, ${d.off === null ? 'routed' : 'off'}::text, ${d.off}::text, ${d.choice.route?.id ?? null}::text)`,
  );
  await sql`update email_occurrences o set status = v.status, reason = v.reason, route_id = v.route_id
    from (values ${sql.join(values)}) as v(id, status, reason, route_id)
    where o.environment_id = ${tx.environmentId} and o.id = v.id`.execute(tx.db);
}
