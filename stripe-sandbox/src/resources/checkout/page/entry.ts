/** What the buyer typed into the page, read and checked against what the session asks. */
import type { Doc, PageRequest, Params } from '../../../kernel/types.ts';
import { checkAddress, readAddress } from '../../../pages/address.ts';
import { cardEntry, checkCard, type Errors } from '../../../pages/card-form.ts';
import { text } from '../../../pages/form.ts';
import { TAX_ID_TYPES } from '../../../pages/tax-id-types.ts';
import { MAX_FIELD_LENGTH } from '../asked-fields.ts';
import type { Buyer } from '../buyer.ts';
import { wantsCard } from '../pay.ts';
import { taxAsksAddress } from '../tax.ts';
import type { Shown } from './load.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s().-]{5,20}$/;

/** What to say at which field; empty when the purchase can go on. */
export function checkEntry(rq: PageRequest, shown: Shown): Errors {
  const { session } = shown;
  const errors: Errors = wantsCard(session) ? checkCard(cardEntry(rq, shown.saved)) : {};
  if (!EMAIL.test(emailOf(rq, shown))) errors.email = 'Enter an e-mail address, like jane@example.com.';
  if (text(rq, 'name') === '') errors.name = 'Enter the name on the card.';
  if (session.phone_number_collection.enabled && !PHONE.test(text(rq, 'phone')))
    errors.phone = 'Enter a phone number, like +1 201 555 0123.';
  const countries: string[] | undefined = session.shipping_address_collection?.allowed_countries;
  if (countries !== undefined) {
    if (text(rq, 'shipping_name') === '') errors.shipping_name = 'Enter the name of who receives the parcel.';
    Object.assign(errors, checkAddress(readAddress(rq, 'shipping'), 'shipping', countries));
  }
  if (asksBillingAddress(session) && !isSameAddress(rq, session))
    Object.assign(errors, checkAddress(readAddress(rq, 'billing'), 'billing'));
  Object.assign(errors, checkNames(rq, session), checkTaxId(rq, session), checkCustom(rq, session));
  if (session.consent_collection?.terms_of_service === 'required' && text(rq, 'terms') !== 'yes')
    errors.terms = 'Accept the terms of service to go on.';
  return errors;
}

/** The buyer in the words of the purchase; call it only without errors. */
export function buyerFrom(rq: PageRequest, shown: Shown): Buyer {
  const { session } = shown;
  const buyer: Buyer = { email: emailOf(rq, shown), name: text(rq, 'name') };
  if (session.phone_number_collection.enabled) buyer.phone = text(rq, 'phone').replace(/[\s().-]/g, '');
  if (asksBillingAddress(session)) buyer.address = readAddress(rq, isSameAddress(rq, session) ? 'shipping' : 'billing');
  if (session.shipping_address_collection !== null)
    buyer.shipping = { name: text(rq, 'shipping_name'), address: readAddress(rq, 'shipping') };
  for (const name of ['business_name', 'individual_name'] as const) if (text(rq, name) !== '') buyer[name] = text(rq, name);
  if (session.tax_id_collection?.enabled === true && text(rq, 'tax_id') !== '')
    buyer.tax_id = { type: text(rq, 'tax_id_type'), value: text(rq, 'tax_id') };
  if (session.custom_fields.length > 0) buyer.custom = answers(rq, session);
  if (session.consent_collection?.promotions === 'auto') buyer.promotions = text(rq, 'promotions') === 'yes' ? 'opt_in' : 'opt_out';
  if (session.saved_payment_method_options?.payment_method_save === 'enabled') buyer.save = text(rq, 'save') === 'yes';
  return buyer;
}

/** The e-mail that the shop knows already cannot be changed here [SDK: Session.customer_email]; null where the buyer says it. */
export function fixedEmail({ session, customer }: Shown): string | null {
  return customer?.email ?? session.customer_email ?? null;
}

function emailOf(rq: PageRequest, shown: Shown): string {
  return fixedEmail(shown) ?? text(rq, 'email');
}

/** An address is asked for where the shop or its tax wants it; a tax id is worth nothing without one. */
export function asksBillingAddress(session: Doc): boolean {
  return session.billing_address_collection === 'required' || session.tax_id_collection?.enabled === true || taxAsksAddress(session);
}

/** Where both addresses are asked, one tick says that they are the same. */
export function isSameAddress(rq: PageRequest, session: Doc): boolean {
  return session.shipping_address_collection !== null && text(rq, 'same_address') === 'yes';
}

function checkNames(rq: PageRequest, session: Doc): Errors {
  const errors: Errors = {};
  const names: Params = session.name_collection ?? {};
  for (const kind of ['business', 'individual'] as const) {
    if (names[kind]?.enabled === true && !names[kind].optional && text(rq, `${kind}_name`) === '')
      errors[`${kind}_name`] = kind === 'business' ? 'Enter the name of your business.' : 'Enter your name.';
  }
  return errors;
}

/** A business says both, its name and its number. */
function checkTaxId(rq: PageRequest, session: Doc): Errors {
  const asked = session.tax_id_collection;
  if (asked?.enabled !== true) return {};
  const [id, business] = [text(rq, 'tax_id'), text(rq, 'business_name')];
  if (id === '' && business === '' && asked.required === 'never') return {};
  const errors: Errors = {};
  if (business === '' && id !== '') errors.business_name = 'Enter the name of your business.';
  if (id === '' && asked.required === 'if_supported') errors.tax_id = 'Enter your tax ID.';
  if (id !== '' && !TAX_ID_TYPES.some(([type]) => type === text(rq, 'tax_id_type'))) errors.tax_id_type = 'Choose the kind of tax ID.';
  return errors;
}

function checkCustom(rq: PageRequest, session: Doc): Errors {
  const errors: Errors = {};
  for (const field of session.custom_fields as Params[]) {
    const problem = problemOf(field, text(rq, nameOf(field)));
    if (problem !== null) errors[nameOf(field)] = problem;
  }
  return errors;
}

function problemOf(field: Params, value: string): string | null {
  if (value === '') return field.optional ? null : `Fill in “${field.label.custom}”.`;
  if (field.type === 'dropdown')
    return field.dropdown.options.some((one: Params) => one.value === value) ? null : 'Choose one of the options.';
  if (field.type === 'numeric' && !/^\d+$/.test(value)) return 'Enter digits only.';
  const { minimum_length: least, maximum_length: most } = field[field.type];
  if (least !== null && value.length < least) return `Enter at least ${least} characters.`;
  if (value.length > (most ?? MAX_FIELD_LENGTH)) return `Enter at most ${most ?? MAX_FIELD_LENGTH} characters.`;
  return null;
}

function answers(rq: PageRequest, session: Doc): Record<string, string> {
  const given: Record<string, string> = {};
  for (const field of session.custom_fields as Params[]) {
    const value = text(rq, nameOf(field));
    if (value !== '') given[field.key] = value;
  }
  return given;
}

/** The name of a custom field's input: it may not meet one of the page's own. */
export function nameOf(field: Params): string {
  return `custom_${field.key}`;
}
