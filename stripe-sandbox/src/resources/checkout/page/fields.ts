/** The parts of the page that a session may ask for, each shown only when it is asked. */
import type { Doc, PageRequest, Params } from '../../../kernel/types.ts';
import { addressFields } from '../../../pages/address.ts';
import type { Errors } from '../../../pages/card-form.ts';
import { checkbox, field, select, text } from '../../../pages/form.ts';
import { type Html, html } from '../../../pages/html.ts';
import { TAX_ID_TYPES } from '../../../pages/tax-id-types.ts';
import { MAX_FIELD_LENGTH } from '../asked-fields.ts';
import { asksBillingAddress, fixedEmail, isSameAddress, nameOf } from './entry.ts';
import type { Shown } from './load.ts';

export type Filled = { rq: PageRequest; shown: Shown; errors: Errors };

/** What was typed, else what is known. */
export function typed(rq: PageRequest, name: string, known: string | null | undefined): string {
  return rq.method === 'POST' && rq.form[name] !== undefined ? text(rq, name) : (known ?? '');
}

export function contactFields({ rq, shown, errors }: Filled): Html {
  const { session, customer } = shown;
  const before = session._buyer ?? {};
  const fixed = fixedEmail(shown);
  const email = fixed ?? typed(rq, 'email', before.email);
  return html`<fieldset><legend>Contact information</legend>
${field({ name: 'email', label: 'E-mail', type: 'email', value: email, error: errors.email, autocomplete: 'email', required: true, readonly: fixed !== null })}
${
  session.phone_number_collection.enabled
    ? field({
        name: 'phone',
        label: 'Phone number',
        type: 'tel',
        value: typed(rq, 'phone', before.phone ?? customer?.phone),
        error: errors.phone,
        autocomplete: 'tel',
        placeholder: '+1 201 555 0123',
        required: true,
        maxlength: 30,
      })
    : null
}${nameFields(rq, session, errors)}</fieldset>`;
}

function nameFields(rq: PageRequest, session: Doc, errors: Errors): Html[] {
  const names: Params = session.name_collection ?? {};
  return (['individual', 'business'] as const)
    .filter((kind) => names[kind]?.enabled === true)
    .map((kind) =>
      field({
        name: `${kind}_name`,
        label: kind === 'business' ? 'Business name' : 'Full name',
        value: typed(rq, `${kind}_name`, session._buyer?.[`${kind}_name`]),
        error: errors[`${kind}_name`],
        autocomplete: kind === 'business' ? 'organization' : 'name',
        optional: names[kind].optional,
      }),
    );
}

export function shippingFields({ rq, shown, errors }: Filled): Html | null {
  const { session, customer, country } = shown;
  if (session.shipping_address_collection === null) return null;
  const known = session._buyer?.shipping ?? customer?.shipping ?? null;
  return html`<fieldset><legend>Shipping address</legend>
${field({ name: 'shipping_name', label: 'Name', value: typed(rq, 'shipping_name', known?.name), error: errors.shipping_name, autocomplete: 'shipping name', required: true })}
${addressFields(rq, { prefix: 'shipping', known: known?.address ?? null, countries: session.shipping_address_collection.allowed_countries, standard: country, errors, kind: 'shipping' })}
${textBlock(session, 'shipping_address')}</fieldset>`;
}

export function billingFields({ rq, shown, errors }: Filled): Html | null {
  const { session, customer, country } = shown;
  if (!asksBillingAddress(session)) return null;
  const both = session.shipping_address_collection !== null;
  const same = rq.method === 'POST' ? isSameAddress(rq, session) : true;
  return html`<fieldset class="billing"><legend>Billing address</legend>
${both ? checkbox({ name: 'same_address', label: 'The same as the shipping address', checked: same }) : null}
<div class="address">${addressFields(rq, { prefix: 'billing', known: session._buyer?.address ?? session._place?.address ?? customer?.address ?? null, standard: country, errors, kind: 'billing' })}</div></fieldset>`;
}

export function taxIdFields({ rq, shown, errors }: Filled): Html | null {
  const { session } = shown;
  const asked = session.tax_id_collection;
  if (asked?.enabled !== true) return null;
  const known = session._buyer?.tax_id;
  const optional = asked.required === 'never';
  return html`<fieldset><legend>Buying as a business</legend>
${
  session.name_collection?.business?.enabled === true
    ? null
    : field({
        name: 'business_name',
        label: 'Business name',
        value: typed(rq, 'business_name', session._buyer?.business_name),
        error: errors.business_name,
        autocomplete: 'organization',
        optional,
      })
}
${select({ name: 'tax_id_type', label: 'Kind of tax ID', value: typed(rq, 'tax_id_type', known?.type), options: TAX_ID_TYPES, error: errors.tax_id_type })}
${field({ name: 'tax_id', label: 'Tax ID', value: typed(rq, 'tax_id', known?.value), error: errors.tax_id, autocomplete: 'off', optional, maxlength: 30 })}</fieldset>`;
}

export function customFields({ rq, shown, errors }: Filled): Html | null {
  const fields: Params[] = shown.session.custom_fields;
  if (fields.length === 0) return null;
  return html`<fieldset><legend>More about your order</legend>${fields.map((one) => customField(rq, shown.session, one, errors))}</fieldset>`;
}

function customField(rq: PageRequest, session: Doc, one: Params, errors: Errors): Html {
  const name = nameOf(one);
  const settings = one[one.type];
  const value = typed(rq, name, session._buyer?.custom?.[one.key] ?? settings.default_value);
  const label: string = one.label.custom;
  if (one.type === 'dropdown') {
    const options = settings.options.map((option: Params) => [option.value, option.label]);
    const none: [string, string][] = one.optional || settings.default_value === null ? [['', 'Choose…']] : [];
    return select({
      name,
      label: one.optional ? `${label} (optional)` : label,
      value,
      options: [...none, ...options],
      error: errors[name],
    });
  }
  return field({
    name,
    label,
    value,
    error: errors[name],
    optional: one.optional,
    ...(one.type === 'numeric' ? { inputmode: 'numeric' } : {}),
    autocomplete: 'off',
    maxlength: settings.maximum_length ?? MAX_FIELD_LENGTH,
  });
}

/** Boxes to tick, and what the buyer agrees to by going on. */
export function consents({ rq, shown, errors }: Filled): Html {
  const { session, merchant } = shown;
  const asked: Params = session.consent_collection ?? {};
  const ticked = (name: string, known = false) => (rq.method === 'POST' ? text(rq, name) === 'yes' : known);
  const reuse = asked.payment_method_reuse_agreement?.position;
  const terms = session.custom_text.terms_of_service_acceptance?.message ?? `I agree to the terms of service of ${merchant}.`;
  return html`${
    session.saved_payment_method_options?.payment_method_save === 'enabled'
      ? checkbox({ name: 'save', label: `Save my card for the next purchase at ${merchant}`, checked: ticked('save') })
      : null
  }
${asked.promotions === 'auto' ? checkbox({ name: 'promotions', label: `Send me news and offers of ${merchant} by e-mail`, checked: ticked('promotions', session._buyer?.promotions === 'opt_in') }) : null}
${asked.terms_of_service === 'required' ? checkbox({ name: 'terms', label: terms, checked: ticked('terms'), error: errors.terms }) : null}
${session.mode !== 'payment' && reuse !== 'hidden' ? html`<p class="hint agreement">${agreement(session, merchant)}</p>` : null}`;
}

function agreement(session: Doc, merchant: string): string {
  return session.mode === 'subscription'
    ? `By confirming, you allow ${merchant} to charge you for this and future payments until you cancel.`
    : `By saving your card, you allow ${merchant} to charge it for future payments.`;
}

/** The shop's own words at a place of the page. */
export function textBlock(session: Doc, name: string): Html | null {
  const message: string | undefined = session.custom_text[name]?.message;
  return message === undefined ? null : html`<p class="hint shop-text">${message}</p>`;
}
