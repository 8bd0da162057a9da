/** The parts of a customer that create and update treat alike. */
import { activeTemplate } from '../../billing/invoice/rendering.ts';
import { locationInvalid, locationOf } from '../../billing/tax/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { fullAddress } from '../../kernel/values.ts';

const PREFIX = /^[A-Z0-9]{3,12}$/;
const TEXT_FIELDS = ['description', 'email', 'name', 'phone'];
const OPTIONAL_NAMES = ['business_name', 'individual_name'];

/** Parameters of cash balances and bank transfers. */
export const UNSUPPORTED = ['cash_balance', 'validate'];

/** Writes the sent parameters that need no look-up; '' unsets. */
export function assignCustomerFields(customer: Doc, params: Params): void {
  for (const name of TEXT_FIELDS) if (params[name] !== undefined) customer[name] = params[name] === '' ? null : params[name];
  for (const name of OPTIONAL_NAMES) {
    if (params[name] === '') delete customer[name];
    else if (params[name] !== undefined) customer[name] = params[name];
  }
  if (params.address !== undefined) customer.address = fullAddress(params.address);
  if (params.shipping !== undefined) customer.shipping = shippingOf(params.shipping);
  if (params.preferred_locales !== undefined) customer.preferred_locales = params.preferred_locales === '' ? [] : params.preferred_locales;
  if (params.tax_exempt !== undefined) customer.tax_exempt = params.tax_exempt === '' ? 'none' : params.tax_exempt;
  if (params.next_invoice_sequence !== undefined) customer.next_invoice_sequence = params.next_invoice_sequence;
  if (params.tax?.ip_address !== undefined) customer._tax_ip = params.tax.ip_address === '' ? null : params.tax.ip_address;
  if (params.invoice_prefix !== undefined) customer.invoice_prefix = checkPrefix(params.invoice_prefix);
}

/** `tax[validate_location]=immediately`: a customer whose tax location is not recognised is refused. */
export async function checkLocation(tx: Tx, customer: Doc, params: Params): Promise<void> {
  if (params.tax?.validate_location !== 'immediately') return;
  if ((await locationOf(tx, customer)) === null) throw locationInvalid('address');
}

/** Merges the sent invoice settings. The default payment method must be attached to the customer. */
export async function assignInvoiceSettings(tx: Tx, input: { customer: Doc; given: Params | undefined }): Promise<void> {
  const { customer, given } = input;
  if (given === undefined) return;
  const settings = { ...customer.invoice_settings };
  for (const name of ['custom_fields', 'footer', 'rendering_options']) {
    if (given[name] !== undefined) settings[name] = given[name] === '' ? null : renderingOf(name, given[name]);
  }
  if (given.rendering_options?.template)
    await activeTemplate(tx, given.rendering_options.template, 'invoice_settings[rendering_options][template]');
  const wanted = given.default_payment_method;
  if (wanted === '') settings.default_payment_method = null;
  else if (wanted !== undefined) settings.default_payment_method = (await attachedMethod(tx, customer, wanted)).id;
  customer.invoice_settings = settings;
}

function shippingOf(given: Params | ''): Params | null {
  if (given === '') return null;
  return { address: fullAddress(given.address), name: given.name, phone: given.phone ? given.phone : null };
}

function checkPrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw invalidRequest('Invoice prefix must be 3 to 12 uppercase letters or digits.', { param: 'invoice_prefix' });
}

function renderingOf(name: string, value: Params): Params {
  return name === 'rendering_options' ? { amount_tax_display: value.amount_tax_display || null, template: value.template || null } : value;
}

async function attachedMethod(tx: Tx, customer: Doc, id: string): Promise<Doc> {
  const found = await tx.get(id, { object: 'payment_method' });
  if (found !== undefined && found.customer === customer.id) return found;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    {
      code: 'resource_missing',
      param: 'invoice_settings[default_payment_method]',
    },
  );
}
