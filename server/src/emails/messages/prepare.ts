/** Planned → ready: facts are read, guards asked, the text rendered and frozen (P6, P8, L5–L7). */
import { sql } from 'kysely';
import { nextAttemptAt } from '../../kit/backoff.ts';
import type { Ctx } from '../../kit/context.ts';
import { json, stringify, transaction } from '../../kit/database.ts';
import { messageOf } from '../../kit/errors.ts';
import { sha256 } from '../../kit/secrets.ts';
import type { Fact } from '../facts/fact.ts';
import { checkFacts } from '../facts/require.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { loadRecords, openBalances, type Records } from '../queries/records.ts';
import { RenderPoolPort } from '../render/pool.ts';
import type { RenderItem } from '../render/protocol.ts';
import type { RenderAnswer } from '../render/render.ts';
import { approvedVersions, chooseVersion, localeChain, type VersionRow } from '../templates/versions.ts';
import { cancelMessages, type Ending, expireMessages, holdMessages, refuseMessages, suppressMessages } from './end.ts';
import { guard } from './guards.ts';
import { type Brand, factsFor, readBrand } from './material.ts';
import { provenanceOf } from './provenance.ts';
import { refreshSubjects } from './refresh.ts';
import type { MessageRow } from './settle.ts';
import { appendTimeline, type TimelineEntry } from './timeline.ts';

type Outcome =
  | { kind: 'cancel' | 'expire' | 'suppress' | 'refuse' | 'hold'; ending: Ending }
  | { kind: 'wait'; reason: string }
  | { kind: 'render'; version: VersionRow; facts: Fact[]; item: RenderItem; to: string };
type Ready = { message: MessageRow; version: VersionRow; facts: Fact[]; to: string; answer: Extract<RenderAnswer, { kind: 'rendered' }> };

/** Prepares a batch. Answers how many messages moved on; those that wait for Stripe are tried again later. */
export async function prepareMessages(ctx: Ctx, messages: MessageRow[]): Promise<number> {
  if (messages.length === 0) return 0;
  const unreadable = await refreshSubjects(ctx, messages);
  const recordsOf = await loadRecords(ctx, messages.map(subjectOf));
  const versions = await approvedVersions(
    ctx,
    messages.map((m) => m.template_id ?? ''),
  );
  const brand = await readBrand(ctx);
  const balances = await openBalances(
    ctx,
    messages.filter((m) => m.trigger === 'subscription.canceled').map((m) => m.subject_id),
  );
  const outcomes = await Promise.all(
    messages.map(async (message): Promise<Outcome> => {
      const reason = unreadable.get(message.id);
      if (reason) return { kind: 'wait', reason };
      const balance = balances.get(message.subject_id) ?? null;
      return prepareOne(ctx, { message, records: recordsOf(subjectOf(message)), versions, brand, balance }).catch((error: unknown) => ({
        kind: 'wait' as const,
        reason: messageOf(error),
      }));
    }),
  );
  const rendering = outcomes.map((outcome, i) => ({ outcome, message: messages[i]! })).filter((x) => x.outcome.kind === 'render') as {
    outcome: Extract<Outcome, { kind: 'render' }>;
    message: MessageRow;
  }[];
  const answers = await ctx.app.ports.get(RenderPoolPort).render(rendering.map((x) => x.outcome.item));
  return transaction(ctx, (tx) => store(tx, { messages, outcomes, rendering: rendering.map((x, i) => ({ ...x, answer: answers[i]! })) }));
}

const subjectOf = (m: MessageRow) => ({ type: m.subject_type, id: m.subject_id, customerId: m.customer_id });

type Preparation = { message: MessageRow; records: Records; versions: VersionRow[]; brand: Brand; balance: bigint | null };

async function prepareOne(ctx: Ctx, a: Preparation): Promise<Outcome> {
  const { message, records } = a;
  const id = message.id;
  const verdict = guard(message, records, ctx.clock.now());
  if (verdict.kind !== 'go') return { kind: verdict.kind, ending: { id, reason: verdict.reason } };
  const spec = triggerSpec(message.trigger)!;
  const locales = localeChain(records.customer!.locale, a.brand.locale);
  const version = chooseVersion(a.versions, { templateId: message.template_id ?? '', variant: message.variant, locales });
  if (!version?.html || !version.text)
    return { kind: 'hold', ending: { id, reason: 'not_approved', detail: { variant: message.variant, locales } } };
  const { facts, input } = await factsFor(ctx, { message, records, spec, locale: version.locale, brand: a.brand, balance: a.balance });
  const missing = checkFacts({ facts, spec, variant: message.variant, now: ctx.clock.now() });
  if (missing) return { kind: 'refuse', ending: { id, reason: `${missing.reason}: ${missing.field}`, detail: missing } };
  const compiled = { id: version.id, subject: version.subject, preheader: version.preheader ?? '', html: version.html, text: version.text };
  return { kind: 'render', version, facts, item: { version: compiled, input }, to: records.customer!.email! };
}

type Stored = {
  messages: MessageRow[];
  outcomes: Outcome[];
  rendering: { outcome: Extract<Outcome, { kind: 'render' }>; message: MessageRow; answer: RenderAnswer }[];
};

async function store(tx: Ctx, a: Stored): Promise<number> {
  const endings = (kind: Outcome['kind']) => a.outcomes.flatMap((o) => (o.kind === kind && 'ending' in o ? [o.ending] : []));
  const refusedAtRender = a.rendering.flatMap(({ message, answer }) =>
    answer.kind === 'refused'
      ? [{ id: message.id, reason: `${answer.reason}: ${answer.field}`, detail: { field: answer.field, reason: answer.reason } }]
      : [],
  );
  await cancelMessages(tx, endings('cancel'));
  await expireMessages(tx, endings('expire'));
  await suppressMessages(tx, endings('suppress'));
  await holdMessages(tx, endings('hold'));
  await refuseMessages(tx, [...endings('refuse'), ...refusedAtRender]);
  const waiting = a.outcomes.flatMap((o, i) => (o.kind === 'wait' ? [{ message: a.messages[i]!, reason: o.reason }] : []));
  for (const { message, reason } of waiting) await wait(tx, message, reason);
  const ready = a.rendering.flatMap(({ message, outcome, answer }) =>
    answer.kind === 'rendered' ? [{ message, version: outcome.version, facts: outcome.facts, to: outcome.to, answer }] : [],
  );
  await freeze(tx, ready);
  return a.messages.length - waiting.length;
}

/** Freezes the rendered texts (P8). A message that moved on meanwhile keeps its state. */
async function freeze(tx: Ctx, ready: Ready[]): Promise<void> {
  if (ready.length === 0) return;
  const wall = tx.machineClock.now();
  const values = ready.map(({ message, version, facts, to, answer }) => {
    const sealed = tx.app.secrets.seal(
      { table: 'email_messages', column: 'facts_sealed', rowId: message.id, environmentId: tx.environmentId },
      stringify(facts),
    );
    const hash = sha256(`${answer.subject}\n${answer.html}\n${answer.text}`).toString('hex');
    return sql`(${message.id}::text, ${message.rev}::bigint, ${version.id}::text, ${version.locale}::text, ${to}::text, ${answer.subject}::text, ${answer.html}::text, ${answer.text}::text, ${json(provenanceOf(answer, facts))}, ${sealed}::bytea, ${hash}::text)`;
  });
  const { rows } = await sql<{
    id: string;
  }>`update email_messages m set status = 'ready', reason = null, template_version_id = v.version_id, locale = v.locale, to_address = v.to_address,
      subject = v.subject, html = v.html, text = v.text, provenance = v.provenance, facts_sealed = v.facts, content_hash = v.hash, ready_wall_at = ${wall}, updated_at = ${tx.clock.now()}, rev = m.rev + 1,
      next_attempt_wall_at = null
    from (values ${sql.join(values)}) as v(id, rev, version_id, locale, to_address, subject, html, text, provenance, facts, hash)
    where m.environment_id = ${tx.environmentId} and m.id = v.id and m.rev = v.rev and m.status = 'planned' returning m.id`.execute(tx.db);
  const moved = new Set(rows.map((row) => row.id));
  await appendTimeline(tx, ready.filter((r) => moved.has(r.message.id)).flatMap(storyOf));
}

function storyOf({ message, version, facts, answer }: Ready): TimelineEntry[] {
  const messageId = message.id;
  return [
    { messageId, kind: 'facts', detail: { paths: facts.map((fact) => fact.path) } },
    { messageId, kind: 'guards', detail: { result: 'go' } },
    {
      messageId,
      kind: 'rendered',
      detail: { template_version_id: version.id, variant: version.variant, locale: version.locale, facts_shown: answer.pieces.length },
    },
    { messageId, kind: 'ready', detail: { generation: message.generation } },
  ];
}

/** Stripe, or a part of ours, could not answer: the message waits, and says so on its timeline once (L7.3). */
async function wait(tx: Ctx, message: MessageRow, reason: string): Promise<void> {
  const expired = message.expires_at && Temporal.Instant.compare(message.expires_at, tx.clock.now()) <= 0;
  if (expired) return expireMessages(tx, [{ id: message.id, reason: 'stale_facts' }]);
  await tx.db
    .updateTable('email_messages')
    .set({
      attempts: message.attempts + 1,
      reason: 'stale_facts',
      next_attempt_wall_at: nextAttemptAt(tx.app, message.attempts + 1),
      rev: message.rev + 1n,
    })
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', message.id)
    .where('rev', '=', message.rev)
    .execute();
  if (message.reason !== 'stale_facts')
    await appendTimeline(tx, [{ messageId: message.id, kind: 'held', detail: { reason: 'stale_facts', error: reason.slice(0, 300) } }]);
}
