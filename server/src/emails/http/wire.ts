/** Rows → wire. */
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { DB } from '../../kit/schema.generated.ts';
import { isoSeconds } from '../../kit/time.ts';
import { displayFacts } from '../facts/display.ts';
import type { TriggerSpec } from '../facts/fact.ts';
import { sampleFacts } from '../facts/sample.ts';
import type { ProvenanceRow } from '../messages/provenance.ts';
import type { LogRow } from '../messages/queries.ts';
import type { RouteRow } from '../routing/routes-table.ts';
import type { SoldProduct } from '../stripe-mirror.ts';
import type { LintIssue } from '../templates/issue.ts';
import type { Preview } from '../templates/preview.ts';
import type { VersionRow } from '../templates/versions.ts';
import type * as schemas from './schemas.ts';

const time = (at: Temporal.Instant | null) => (at === null ? null : isoSeconds(at));

export function wireTrigger(spec: TriggerSpec, now: Temporal.Instant): z.input<typeof schemas.trigger> {
  const displays = new Map(
    displayFacts(sampleFacts(spec.facts, now), { schema: spec.facts, locale: 'en' }).map((fact) => [fact.path, fact.display]),
  );
  const facts = Object.entries(spec.facts).map(([path, field]) => ({
    path,
    type: field.type,
    description: field.what,
    required: spec.required.includes(path),
    required_in: Object.keys(spec.requiredIn).filter((variant) => spec.requiredIn[variant]!.includes(path)),
    sample: displays.get(path) ?? '',
    object: field.object,
    field: field.field,
    item: Object.keys(field.item ?? {}),
  }));
  return {
    trigger: spec.trigger,
    title: spec.title,
    description: spec.what,
    class: spec.class,
    variants: [...spec.variants],
    guards: [...spec.guards],
    exits: [...spec.exits],
    overlaps: [...spec.overlaps],
    lead_days: spec.leadDays ?? null,
    facts,
  };
}

export function wireTarget(product: SoldProduct): z.input<typeof schemas.routeTarget> {
  const prices = product.prices.map(({ id, name, active }) => ({ stripe_price_id: id, name, active }));
  return { stripe_product_id: product.id, name: product.name, active: product.active, prices };
}

export function wireTemplate(row: Selectable<DB['email_templates']>): z.input<typeof schemas.template> {
  const { id, key, name, trigger, status } = row;
  return { id, key, name, trigger, status, created_at: isoSeconds(row.created_at), updated_at: isoSeconds(row.updated_at) };
}

export function wireVersion(row: VersionRow): z.input<typeof schemas.version> {
  const { id, template_id, variant, locale, number, format, status, subject, preheader, source, fields_used, author, author_kind, sha256 } =
    row;
  return {
    id,
    template_id,
    variant,
    locale,
    number,
    class: row.class,
    format,
    status,
    subject,
    preheader,
    source,
    fields_used,
    lint: row.lint as LintIssue[],
    author,
    author_kind,
    sha256,
    created_at: isoSeconds(row.created_at),
  };
}

export function wireRoute(row: RouteRow): z.input<typeof schemas.route> {
  const { id, trigger, stripe_product_id, stripe_price_id, product_id, plan_id, flow_id, template_id, sender_id, off } = row;
  return {
    id,
    trigger,
    stripe_product_id,
    stripe_price_id,
    product_id,
    plan_id,
    flow_id,
    template_id,
    sender_id,
    off,
    active_since: isoSeconds(row.active_since),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
  };
}

export function wireMessage(row: LogRow): z.input<typeof schemas.message> {
  const {
    id,
    trigger,
    variant,
    occurrence,
    customer_id,
    stripe_customer_id,
    stripe_product_id,
    stripe_price_id,
    subject,
    status,
    reason,
    locale,
    template_id,
    template_version_id,
    route_id,
    transport_id,
    generation,
    attempts,
    witness_event_id,
  } = row;
  return {
    id,
    trigger,
    variant,
    object_type: row.subject_type,
    object_id: row.subject_id,
    stripe_object_id: row.subject_stripe_id,
    occurrence,
    customer_id,
    stripe_customer_id,
    stripe_product_id,
    stripe_price_id,
    to: row.to_address,
    subject,
    class: row.class,
    status,
    reason,
    locale,
    template_id,
    template_version_id,
    route_id,
    transport_id,
    generation,
    attempts,
    witness_event_id,
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    expires_at: time(row.expires_at),
    sent_at: time(row.sent_at),
  };
}

export function wireProvenance(row: ProvenanceRow): z.input<typeof schemas.provenance> {
  const { id, ...rest } = row;
  return { ...rest, object_id: id };
}

export function wirePreview(preview: Preview): z.input<typeof schemas.preview> {
  return { ...preview, provenance: preview.provenance.map(wireProvenance) };
}
