/** What the page asks the buyer for: the session's own fields, made from its parameters within Stripe's limits. */
import { invalidRequest, parameterInvalid } from '../../kernel/errors.ts';
import type { Params } from '../../kernel/types.ts';

const MAX_CUSTOM_FIELDS = 3;
const MAX_KEY = 200;
const MAX_LABEL = 50;
const MAX_OPTIONS = 200;
const MAX_OPTION = 100;
const MAX_DEFAULT = 255;
/** Also Stripe's limit on what is typed into a custom field. */
export const MAX_FIELD_LENGTH = 255;
const MAX_MESSAGE = 1200;
const ALPHANUMERIC = /^[a-zA-Z0-9]+$/;
const TEXTS = ['after_submit', 'shipping_address', 'submit', 'terms_of_service_acceptance'];

/** Consents, addresses, names, numbers, own fields and texts. Refuses what Stripe's limits forbid. */
export function askedFields(params: Params): Params {
  const consent = params.consent_collection;
  return {
    billing_address_collection: params.billing_address_collection ?? null,
    consent_collection:
      consent === undefined
        ? null
        : {
            payment_method_reuse_agreement: consent.payment_method_reuse_agreement ?? null,
            promotions: consent.promotions ?? 'none',
            terms_of_service: consent.terms_of_service ?? 'none',
          },
    custom_fields: customFields(params.custom_fields ?? []),
    custom_text: customTexts(params.custom_text ?? {}),
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: shippingAddress(params),
    ...(params.tax_id_collection === undefined
      ? {}
      : { tax_id_collection: { enabled: params.tax_id_collection.enabled, required: params.tax_id_collection.required ?? 'never' } }),
    ...(params.name_collection === undefined ? {} : { name_collection: nameCollection(params.name_collection) }),
  };
}

function customFields(given: Params[]): Params[] {
  if (given.length > MAX_CUSTOM_FIELDS)
    throw parameterInvalid('custom_fields', `You can specify at most ${MAX_CUSTOM_FIELDS} custom fields.`);
  const keys = new Set<string>();
  return given.map((one, index) => {
    const at = `custom_fields[${index}]`;
    if (!ALPHANUMERIC.test(one.key) || one.key.length > MAX_KEY)
      throw invalidRequest(`The key of a custom field must be alphanumeric and at most ${MAX_KEY} characters long.`, {
        param: `${at}[key]`,
      });
    if (keys.has(one.key)) throw invalidRequest('Custom field keys must be unique.', { param: `${at}[key]` });
    keys.add(one.key);
    if (one.label.custom === '' || one.label.custom.length > MAX_LABEL)
      throw invalidRequest(`The label of a custom field must have 1 to ${MAX_LABEL} characters.`, { param: `${at}[label][custom]` });
    return { key: one.key, label: one.label, optional: one.optional ?? false, type: one.type, ...ofType(one, at) };
  });
}

/** The part of the field's own type; settings of another type are refused. */
function ofType(one: Params, at: string): Params {
  const type: 'dropdown' | 'numeric' | 'text' = one.type;
  const other = ['dropdown', 'numeric', 'text'].find((name) => name !== type && one[name] !== undefined);
  if (other !== undefined) throw invalidRequest(`A ${type} field cannot have \`${other}\`.`, { param: `${at}[${other}]` });
  const given: Params = one[type] ?? {};
  if (type === 'dropdown') return { dropdown: { default_value: given.default_value ?? null, options: options(given, at), value: null } };
  const { minimum_length: least = null, maximum_length: most = null, default_value: preset = null } = given;
  for (const [name, value] of [
    ['minimum_length', least],
    ['maximum_length', most],
  ] as const) {
    if (value !== null && (value < 1 || value > MAX_FIELD_LENGTH))
      throw invalidRequest(`${name} must be between 1 and ${MAX_FIELD_LENGTH}.`, { param: `${at}[${type}][${name}]` });
  }
  if (least !== null && most !== null && least > most)
    throw invalidRequest('minimum_length must not be above maximum_length.', { param: `${at}[${type}][minimum_length]` });
  if (preset !== null && (preset.length > MAX_DEFAULT || (type === 'numeric' && !/^\d*$/.test(preset))))
    throw invalidRequest(`The default value does not fit a ${type} field.`, { param: `${at}[${type}][default_value]` });
  return { [type]: { default_value: preset, maximum_length: most, minimum_length: least, value: null } };
}

function options(given: Params, at: string): Params[] {
  const list: Params[] = given.options ?? [];
  const param = `${at}[dropdown][options]`;
  if (list.length === 0 || list.length > MAX_OPTIONS) throw invalidRequest(`A dropdown must have 1 to ${MAX_OPTIONS} options.`, { param });
  const values = new Set<string>();
  for (const [index, { label, value }] of list.entries()) {
    if (!ALPHANUMERIC.test(value) || value.length > MAX_OPTION || values.has(value))
      throw invalidRequest('The value of a dropdown option must be alphanumeric and unique.', { param: `${param}[${index}][value]` });
    if (label === '' || label.length > MAX_OPTION)
      throw invalidRequest(`The label of a dropdown option must have 1 to ${MAX_OPTION} characters.`, {
        param: `${param}[${index}][label]`,
      });
    values.add(value);
  }
  if (given.default_value !== undefined && !values.has(given.default_value))
    throw invalidRequest('The default value must be one of the options.', { param: `${at}[dropdown][default_value]` });
  return list;
}

function customTexts(given: Params): Params {
  const texts: Params = {};
  for (const name of TEXTS) {
    const message: string | undefined = given[name] ? given[name].message : undefined;
    if (message !== undefined && message.length > MAX_MESSAGE)
      throw invalidRequest(`The message must have at most ${MAX_MESSAGE} characters.`, { param: `custom_text[${name}][message]` });
    texts[name] = message === undefined ? null : { message };
  }
  return texts;
}

function shippingAddress(params: Params): Params | null {
  const given = params.shipping_address_collection;
  if (given === undefined) {
    if (params.custom_text?.shipping_address)
      throw invalidRequest('You can only set `custom_text[shipping_address]` when `shipping_address_collection` is set.', {
        param: 'custom_text[shipping_address]',
      });
    return null;
  }
  if (given.allowed_countries.length === 0)
    throw invalidRequest('You must allow at least one country.', { param: 'shipping_address_collection[allowed_countries]' });
  return { allowed_countries: given.allowed_countries };
}

function nameCollection(given: Params): Params {
  const one = (part: Params | undefined) => (part === undefined ? undefined : { enabled: part.enabled, optional: part.optional ?? false });
  return {
    ...(given.business === undefined ? {} : { business: one(given.business) }),
    ...(given.individual === undefined ? {} : { individual: one(given.individual) }),
  };
}
