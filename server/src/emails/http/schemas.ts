/** What the e-mail API says, field by field. */
import { z } from 'zod';

export const issue = z
  .object({
    level: z.enum(['error', 'warning']),
    rule: z.string(),
    message: z.string(),
    row: z.number().int(),
    column: z.number().int(),
    found: z.string(),
    suggestion: z.string().optional(),
  })
  .meta({ id: 'LintIssue' });

export const trigger = z
  .object({
    trigger: z.string(),
    title: z.string(),
    description: z.string(),
    class: z.string(),
    variants: z.array(z.string()),
    guards: z.array(z.string()),
    exits: z.array(z.string()),
    overlaps: z.array(z.string()),
    lead_days: z.object({ default: z.number().int(), min: z.number().int(), max: z.number().int() }).nullable(),
    facts: z.array(
      z.object({
        path: z.string(),
        type: z.string(),
        description: z.string(),
        required: z.boolean(),
        required_in: z.array(z.string()),
        sample: z.string(),
        object: z.string(),
        field: z.string(),
        item: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'EmailTrigger' });

export const version = z
  .object({
    id: z.string(),
    template_id: z.string(),
    variant: z.string(),
    locale: z.string(),
    number: z.number().int(),
    class: z.string(),
    format: z.string(),
    status: z.string(),
    subject: z.string(),
    preheader: z.string().nullable(),
    source: z.string(),
    fields_used: z.array(z.string()),
    lint: z.array(issue),
    author: z.string(),
    author_kind: z.string(),
    sha256: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'EmailTemplateVersion' });

export const template = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    trigger: z.string(),
    status: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'EmailTemplate' });

export const route = z
  .object({
    id: z.string(),
    trigger: z.string(),
    stripe_product_id: z.string().nullable(),
    stripe_price_id: z.string().nullable(),
    product_id: z.string().nullable(),
    plan_id: z.string().nullable(),
    flow_id: z.string().nullable(),
    template_id: z.string().nullable(),
    sender_id: z.string().nullable(),
    off: z.boolean(),
    active_since: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'EmailRoute' });

export const flow = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    trigger: z.string(),
    status: z.string(),
    active_since: z.string().nullable(),
    version: z.number().int(),
    max_age_seconds: z.number().int(),
    review: z.string(),
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'EmailFlow' });

export const message = z
  .object({
    id: z.string(),
    trigger: z.string(),
    variant: z.string(),
    object_type: z.string(),
    object_id: z.string(),
    stripe_object_id: z.string().nullable(),
    occurrence: z.string(),
    customer_id: z.string(),
    stripe_customer_id: z.string().nullable(),
    stripe_product_id: z.string().nullable(),
    stripe_price_id: z.string().nullable(),
    to: z.string().nullable(),
    subject: z.string().nullable(),
    class: z.string(),
    status: z.string(),
    reason: z.string().nullable(),
    locale: z.string().nullable(),
    template_id: z.string().nullable(),
    template_version_id: z.string().nullable(),
    route_id: z.string().nullable(),
    transport_id: z.string().nullable(),
    generation: z.number().int(),
    attempts: z.number().int(),
    witness_event_id: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    expires_at: z.string().nullable(),
    sent_at: z.string().nullable(),
  })
  .meta({ id: 'EmailMessage' });

export const fullMessage = message
  .extend({
    html: z.string().nullable(),
    text: z.string().nullable(),
    timeline: z.array(
      z.object({
        seq: z.number().int(),
        kind: z.string(),
        at: z.string(),
        detail: z.record(z.string(), z.unknown()),
        transport_id: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'EmailMessageWithTimeline' });

export const provenance = z
  .object({
    part: z.string(),
    offset: z.number().int(),
    text: z.string(),
    path: z.string(),
    object: z.string(),
    object_id: z.string(),
    field: z.string(),
    value: z.unknown(),
    event_id: z.string().nullable(),
    read_at: z.string(),
  })
  .meta({ id: 'EmailProvenance' });

export const preview = z
  .object({
    lint: z.array(issue),
    facts: z.enum(['sample', 'real']),
    subject: z.string().nullable(),
    preheader: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    provenance: z.array(provenance),
    refused: z.object({ field: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'EmailPreview' });

export const suppression = z
  .object({
    id: z.string(),
    address: z.string().nullable(),
    scope: z.string(),
    reason: z.string(),
    message_id: z.string().nullable(),
    expires_at: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'EmailSuppression' });

export const brandFact = z
  .object({
    id: z.string(),
    key: z.string(),
    value: z.string(),
    type: z.string(),
    note: z.string().nullable(),
    registered_by: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'BrandFact' });

export const resolution = z
  .object({
    trigger: z.string(),
    levels: z.array(
      z.object({
        level: z.number().int(),
        key: z.record(z.string(), z.string()),
        route_id: z.string().nullable(),
        result: z.enum(['match', 'off', 'no_route']),
      }),
    ),
    route: route.nullable(),
    variant: z.string(),
    locales: z.array(z.string()),
    template_version: version.nullable(),
    class: z.string(),
    suppressed: z.string().nullable(),
    guard: z.string(),
    preview: preview.nullable(),
  })
  .meta({ id: 'EmailRouteResolution' });

export const routeTarget = z
  .object({
    stripe_product_id: z.string(),
    name: z.string(),
    active: z.boolean(),
    prices: z.array(z.object({ stripe_price_id: z.string(), name: z.string(), active: z.boolean() })),
  })
  .meta({ id: 'EmailRouteTarget' });
