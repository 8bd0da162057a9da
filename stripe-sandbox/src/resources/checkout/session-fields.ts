import type { Doc, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { askedFields } from './asked-fields.ts';
import { sessionTaxShape } from './tax.ts';

/** What a session shows from its parameters alone; amounts and addresses of pages are added by `createSession`. */
export function sessionFields(params: Params, customer: Doc | null): Params {
  const { mode } = params;
  return {
    ...askedFields(params),
    adaptive_pricing: mode === 'payment' ? { enabled: false } : null,
    after_expiration: recoveryOf(params.after_expiration?.recovery),
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: sessionTaxShape(params.automatic_tax?.enabled === true, 'requires_location_inputs'),
    cancel_url: params.cancel_url ?? null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    client_reference_id: params.client_reference_id ?? null,
    currency: params.currency?.toLowerCase() ?? null,
    customer: customer?.id ?? null,
    customer_creation: creationOf(params, customer),
    customer_details: knownDetails(params, customer),
    customer_email: params.customer_email ?? null,
    integration_identifier: params.integration_identifier ?? null,
    invoice_creation: mode === 'payment' ? invoiceCreation(params.invoice_creation) : null,
    locale: params.locale ?? null,
    mode,
    origin_context: params.origin_context ?? null,
    payment_method_collection: mode === 'subscription' ? (params.payment_method_collection ?? 'always') : null,
    payment_method_options: {
      card: { request_three_d_secure: params.payment_method_options?.card?.request_three_d_secure ?? 'automatic' },
    },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    saved_payment_method_options: savedOptions(params, customer),
    shipping_options: [],
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
    ui_mode: 'hosted_page',
  };
}

/** Who bought, as far as it is known: what the page was told comes before what the customer says. */
export function customerDetails(from: { buyer: Params; customer: Doc | null }): Params {
  const { buyer, customer } = from;
  return {
    address: buyer.address ?? customer?.address ?? null,
    business_name: buyer.business_name ?? null,
    email: customer?.email ?? buyer.email ?? null,
    individual_name: buyer.individual_name ?? null,
    name: buyer.name ?? customer?.name ?? null,
    phone: buyer.phone ?? customer?.phone ?? null,
    tax_exempt: customer?.tax_exempt ?? 'none',
    tax_ids: buyer.tax_id == null ? [] : [buyer.tax_id],
  };
}

function knownDetails(params: Params, customer: Doc | null): Params | null {
  const email = params.customer_email ?? customer?.email ?? null;
  return email === null && customer === null ? null : { ...customerDetails({ buyer: { email }, customer }), tax_ids: null };
}

/** An invoice needs somebody it is for. */
function creationOf(params: Params, customer: Doc | null): string | null {
  if (params.mode === 'subscription' || customer !== null) return null;
  if (params.invoice_creation?.enabled === true) return 'always';
  return params.customer_creation ?? 'if_required';
}

/** The link exists only once the session has expired. */
function recoveryOf(given: Params | undefined): Params | null {
  if (given === undefined) return null;
  return {
    recovery: { allow_promotion_codes: given.allow_promotion_codes ?? false, enabled: given.enabled, expires_at: null, url: null },
  };
}

/** Shown to customers who can come back: a given one, or the one a purchase makes. */
function savedOptions(params: Params, customer: Doc | null): Params | null {
  const given = params.saved_payment_method_options;
  if (params.mode === 'setup' || (given === undefined && customer === null)) return null;
  return {
    allow_redisplay_filters: given?.allow_redisplay_filters ?? ['always'],
    payment_method_remove: given?.payment_method_remove ?? 'disabled',
    payment_method_save: given?.payment_method_save ?? null,
  };
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
      metadata: mergeMetadata(null, data.metadata),
      rendering_options: null,
    },
  };
}
