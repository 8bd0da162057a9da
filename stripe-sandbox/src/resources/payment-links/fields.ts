import type { Doc, Params } from '../../kernel/types.ts';
import { askedFields } from '../checkout/asked-fields.ts';

/** What a link shows from its parameters; everything a Checkout page can ask has a default here. */
export function linkFields(params: Params, mode: string): Params {
  const { name_collection: names, tax_id_collection: taxIds, ...asked } = askedFields(params);
  const data: Params = params.payment_intent_data ?? {};
  return {
    ...asked,
    custom_fields: (asked.custom_fields as Params[]).map(withoutAnswer),
    ...(names === undefined ? {} : { name_collection: names }),
    active: true,
    after_completion: afterCompletion(params.after_completion),
    allow_promotion_codes: params.allow_promotion_codes ?? false,
    automatic_tax:
      params.automatic_tax?.enabled === true ? { enabled: true, liability: { type: 'self' } } : { enabled: false, liability: null },
    billing_address_collection: params.billing_address_collection ?? 'auto',
    customer_creation: params.customer_creation ?? (mode === 'subscription' ? 'always' : 'if_required'),
    inactive_message: params.inactive_message ?? null,
    invoice_creation: mode === 'payment' ? invoiceCreation(params.invoice_creation) : null,
    payment_intent_data:
      params.payment_intent_data === undefined
        ? null
        : {
            capture_method: data.capture_method ?? null,
            description: data.description ?? null,
            metadata: { ...data.metadata },
            setup_future_usage: data.setup_future_usage ?? null,
            statement_descriptor: data.statement_descriptor ?? null,
            statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
            transfer_group: null,
          },
    payment_method_collection: params.payment_method_collection ?? 'always',
    payment_method_options: null,
    payment_method_types: params.payment_method_types ?? null,
    restrictions: restrictionsOf(params.restrictions),
    shipping_options: [],
    submit_type: params.submit_type ?? 'auto',
    subscription_data: mode === 'subscription' ? subscriptionData(params.subscription_data ?? {}) : null,
    tax_id_collection: taxIds ?? { enabled: false, required: 'never' },
  };
}

/** Answers belong to sessions. */
function withoutAnswer(field: Params): Params {
  const { value: _answer, ...settings } = field[field.type];
  return { ...field, [field.type]: settings };
}

export function afterCompletion(given: Params | undefined): Params {
  if (given?.type === 'redirect') return { redirect: { url: given.redirect.url }, type: 'redirect' };
  return { hosted_confirmation: { custom_message: given?.hosted_confirmation?.custom_message ?? null }, type: 'hosted_confirmation' };
}

/** How often the link may be used; uses so far are kept over a change. */
export function restrictionsOf(given: Params | '' | undefined, link?: Doc): Params | null {
  if (given === undefined || given === '') return null;
  return { completed_sessions: { count: link?.restrictions?.completed_sessions.count ?? 0, limit: given.completed_sessions.limit } };
}

function invoiceCreation(given: Params | undefined): Params {
  const data: Params = given?.invoice_data ?? {};
  return {
    enabled: given?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: data.custom_fields || null,
      description: data.description ?? null,
      footer: data.footer ?? null,
      issuer: data.issuer ?? null,
      metadata: { ...data.metadata },
      rendering_options: null,
    },
  };
}

function subscriptionData(given: Params): Params {
  const settings: Params = given.invoice_settings ?? {};
  return {
    description: given.description ?? null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: settings.custom_fields || null,
      description: settings.description ?? null,
      footer: settings.footer ?? null,
      issuer: settings.issuer ?? { type: 'self' },
    },
    metadata: { ...given.metadata },
    trial_period_days: given.trial_period_days ?? null,
    trial_settings: given.trial_settings ?? null,
  };
}
