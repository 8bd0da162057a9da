import type { Doc, Params } from '../../kernel/types.ts';

/** What a session shows from its parameters alone; amounts and addresses of pages are added by `createSession`. */
export function sessionFields(params: Params, customer: Doc | null): Params {
  const { mode } = params;
  return {
    adaptive_pricing: mode === 'payment' ? { enabled: false } : null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    currency: params.currency?.toLowerCase() ?? null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer?.id ?? null,
    customer_creation: mode === 'subscription' || customer !== null ? null : (params.customer_creation ?? 'if_required'),
    customer_details: knownDetails(params, customer),
    customer_email: params.customer_email ?? null,
    invoice_creation: mode === 'payment' ? noInvoice() : null,
    locale: params.locale ?? null,
    mode,
    payment_method_collection: mode === 'subscription' ? (params.payment_method_collection ?? 'always') : null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    phone_number_collection: { enabled: false },
    saved_payment_method_options: null,
    shipping_options: [],
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
    ui_mode: 'hosted_page',
  };
}

/** Who bought, as far as it is known. */
export function customerDetails(from: { email: string | null; name: string | null; customer: Doc | null }): Params {
  return {
    address: from.customer?.address ?? null,
    business_name: null,
    email: from.email,
    individual_name: null,
    name: from.name,
    phone: from.customer?.phone ?? null,
    tax_exempt: from.customer?.tax_exempt ?? 'none',
    tax_ids: [],
  };
}

function knownDetails(params: Params, customer: Doc | null): Params | null {
  const email = params.customer_email ?? customer?.email ?? null;
  return email === null && customer === null ? null : customerDetails({ email, name: customer?.name ?? null, customer });
}

function noInvoice(): Params {
  const data = {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  };
  return { enabled: false, invoice_data: data };
}
