/** K7: what a template would say, with made-up facts or with those of a real object. Writes and sends nothing. */
import type { Ctx } from '../../kit/context.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { displayFacts } from '../facts/display.ts';
import type { Fact, TriggerSpec } from '../facts/fact.ts';
import { checkFacts, type Missing, presentable } from '../facts/require.ts';
import { sampleFacts } from '../facts/sample.ts';
import { toRenderInput } from '../facts/to-render.ts';
import { factsFor, readBrand } from '../messages/material.ts';
import { type ProvenanceRow, provenanceOf } from '../messages/provenance.ts';
import { loadRecords, openBalances, type Subject } from '../queries/records.ts';
import { RenderPoolPort } from '../render/pool.ts';
import type { LintIssue } from './issue.ts';
import { type Head, lintTemplate } from './lint.ts';

/** Stands in for the message that a preview does not make. */
export const NO_MESSAGE = `message_${'0'.repeat(26)}`;

export type PreviewInput = {
  source: string;
  messageId?: string | undefined;
  occurrenceId?: string | undefined;
  subject?: PreviewSubject | undefined;
};
export type Preview = {
  lint: LintIssue[];
  subject: string | null;
  preheader: string | null;
  html: string | null;
  text: string | null;
  provenance: ProvenanceRow[];
  refused: Missing | null;
  facts: 'sample' | 'real';
};

export async function previewTemplate(ctx: Ctx, a: PreviewInput): Promise<Preview> {
  const lint = lintTemplate(a.source);
  const nothing = { lint: lint.issues, subject: null, preheader: null, html: null, text: null, provenance: [], refused: null };
  const real = await subjectOf(ctx, a);
  const facts = real ? ('real' as const) : ('sample' as const);
  if (!lint.ok || !lint.spec) return { ...nothing, facts };
  const pool = ctx.app.ports.get(RenderPoolPort);
  const compiled = await pool.compile(a.source, {});
  if ('error' in compiled) return { ...nothing, facts, refused: { field: 'template', reason: compiled.error } };
  if (real && real.trigger !== lint.head.trigger)
    refuse({ code: 'other_trigger', message: `This template is for ${lint.head.trigger}, the chosen event is ${real.trigger}.` });
  const material = real ? await realFacts(ctx, { real, spec: lint.spec, head: lint.head }) : inSample(ctx, lint.spec, lint.head);
  const missing = checkFacts({ facts: material.facts, spec: lint.spec, variant: lint.head.variant, now: ctx.clock.now() });
  if (missing) return { ...nothing, facts, refused: missing };
  const version = { id: `preview:${a.source}`, subject: lint.head.subject, preheader: lint.head.preheader, ...compiled };
  const [answer] = await pool.render([{ version, input: material.input }]);
  if (answer!.kind === 'refused') return { ...nothing, facts, refused: { field: answer!.field, reason: answer!.reason } };
  return {
    lint: lint.issues,
    facts,
    refused: null,
    subject: answer!.subject,
    preheader: lint.head.preheader,
    html: answer!.html,
    text: answer!.text,
    provenance: provenanceOf(answer!, material.facts),
  };
}

/** A real object to preview on, and the trigger it stands for. */
export type PreviewSubject = Subject & { trigger: string; variant: string; messageId: string; witness: string | null };

async function subjectOf(ctx: Ctx, a: PreviewInput): Promise<PreviewSubject | null> {
  if (a.subject !== undefined) return a.subject;
  if (a.messageId !== undefined) {
    const m = await ctx.db
      .selectFrom('email_messages')
      .select(['id', 'trigger', 'variant', 'subject_type', 'subject_id', 'customer_id', 'witness_event_id'])
      .where('environment_id', '=', ctx.environmentId)
      .where('id', '=', a.messageId)
      .executeTakeFirst();
    if (!m) notFound('message', a.messageId);
    return {
      type: m.subject_type,
      id: m.subject_id,
      customerId: m.customer_id,
      trigger: m.trigger,
      variant: m.variant,
      messageId: m.id,
      witness: m.witness_event_id,
    };
  }
  if (a.occurrenceId === undefined) return null;
  const o = await ctx.db
    .selectFrom('email_occurrences')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', a.occurrenceId)
    .executeTakeFirst();
  if (!o) notFound('occurrence', a.occurrenceId);
  return {
    type: o.object_type,
    id: o.object_id,
    customerId: o.customer_id,
    trigger: o.trigger,
    variant: o.variant,
    messageId: NO_MESSAGE,
    witness: o.witness_event_id,
  };
}

async function realFacts(ctx: Ctx, a: { real: PreviewSubject; spec: TriggerSpec; head: Head }) {
  const records = (await loadRecords(ctx, [a.real]))(a.real);
  const balance = (await openBalances(ctx, [a.real.id])).get(a.real.id) ?? null;
  const message = {
    id: a.real.messageId,
    trigger: a.real.trigger,
    variant: a.real.variant,
    customer_id: a.real.customerId,
    witness_event_id: a.real.witness,
  };
  return factsFor(ctx, { message, records, spec: a.spec, locale: a.head.locale, brand: await readBrand(ctx), balance });
}

function inSample(ctx: Ctx, spec: TriggerSpec, head: Head): { facts: Fact[]; input: ReturnType<typeof toRenderInput> } {
  const facts = displayFacts(sampleFacts(spec.facts, ctx.clock.now()), { schema: spec.facts, locale: head.locale });
  return { facts, input: toRenderInput(presentable(facts, spec.facts, ctx.clock.now()), spec.facts) };
}
