/** What the parameter types of a new session cannot say: exclusions, foreign modes, and what has no behaviour here. */
import { invalidRequest, notEmulated, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';
import { httpUrl } from '../../pages/layout.ts';

const METHODS = ['card', 'sepa_debit'];
/** Parameters that belong to some modes only. */
const MODES: Record<string, string[]> = {
  customer_creation: ['payment', 'setup'],
  discounts: ['payment', 'subscription'],
  invoice_creation: ['payment'],
  line_items: ['payment', 'subscription'],
  optional_items: ['payment', 'subscription'],
  payment_intent_data: ['payment'],
  payment_method_collection: ['subscription'],
  setup_intent_data: ['setup'],
  shipping_address_collection: ['payment', 'subscription'],
  shipping_options: ['payment'],
  subscription_data: ['subscription'],
  tax_id_collection: ['payment', 'subscription'],
};
/** Money for platforms, and intervals without behaviour: refused, never ignored. */
const NESTED: Record<string, string[]> = {
  subscription_data: ['application_fee_percent', 'on_behalf_of', 'transfer_data', 'pending_invoice_item_interval'],
  payment_intent_data: ['application_fee_amount', 'on_behalf_of', 'transfer_data', 'transfer_group'],
  setup_intent_data: ['on_behalf_of'],
};
const SUBMIT_TYPES: Record<string, string[]> = {
  payment: ['auto', 'book', 'donate', 'pay'],
  subscription: ['auto', 'subscribe'],
  setup: ['auto'],
};

/** Refuses, in Stripe's words where they are known. */
export function checkParams(params: Params): void {
  const { mode } = params;
  if (mode === undefined) throw parameterMissing('mode');
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page') throw notEmulated(`ui_mode ${params.ui_mode}`, 'ui_mode');
  if (params.success_url === undefined) throw parameterMissing('success_url');
  for (const name of ['success_url', 'cancel_url']) {
    if (params[name] !== undefined && httpUrl(params[name]) === null)
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: name });
  }
  if (params.customer !== undefined && params.customer_email !== undefined) throw parametersExclusive('customer', 'customer_email');
  for (const [name, modes] of Object.entries(MODES)) {
    if (params[name] !== undefined && !modes.includes(mode)) throw foreign(name, mode, modes);
  }
  if (mode !== 'setup' && !(params.line_items?.length > 0)) throw parameterMissing('line_items');
  if (params.submit_type !== undefined && !SUBMIT_TYPES[mode]!.includes(params.submit_type))
    throw invalidRequest(`\`submit_type\` ${params.submit_type} cannot be used in \`${mode}\` mode.`, { param: 'submit_type' });
  if (params.automatic_tax?.enabled === true) checkAutomaticTax(params);
  refuseWithoutBehaviour(params);
}

/** Automatic tax is for what is sold, and has no place beside rates set by hand [DTS automatic_tax]. */
function checkAutomaticTax(params: Params): void {
  if (params.mode === 'setup') throw foreign('automatic_tax', 'setup', ['payment', 'subscription']);
  if (params.automatic_tax.liability !== undefined && params.automatic_tax.liability.type !== 'self')
    throw notEmulated('automatic_tax[liability] of another account', 'automatic_tax[liability][type]');
  const at = (params.line_items as Params[]).findIndex((one) => one.tax_rates?.length > 0 || one.dynamic_tax_rates?.length > 0);
  if (at >= 0)
    throw invalidRequest('You cannot set tax rates on a line item when `automatic_tax[enabled]` is true.', {
      param: `line_items[${at}][tax_rates]`,
    });
  if (params.subscription_data?.default_tax_rates?.length > 0)
    throw invalidRequest('You cannot set `default_tax_rates` when `automatic_tax[enabled]` is true.', {
      param: 'subscription_data[default_tax_rates]',
    });
}

function foreign(name: string, mode: string, modes: string[]) {
  if (name === 'customer_creation')
    return invalidRequest('`customer_creation` can only be used in `payment` and `setup` mode.', { param: name });
  if (name === 'shipping_options' && mode === 'subscription')
    return invalidRequest('`shipping_options` can only be used in `payment` mode.', { param: name });
  return modes.length === 1 && name === 'payment_method_collection'
    ? invalidRequest('You can only set `payment_method_collection` if there are recurring prices.', { param: name })
    : invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
}

function refuseWithoutBehaviour(params: Params): void {
  const method = (params.allowed_payment_method_types as string[] | undefined)?.find((type) => !METHODS.includes(type));
  if (method !== undefined) throw notEmulated(`Paying by ${method} in Checkout`, 'allowed_payment_method_types');
  if (params.adaptive_pricing?.enabled === true) throw notEmulated('Adaptive pricing', 'adaptive_pricing');
  if (params.invoice_creation?.enabled === true && params.shipping_options?.length > 0)
    throw notEmulated('An invoice with shipping costs', 'shipping_options');
  if (params.invoice_creation?.enabled === true && params.payment_intent_data?.capture_method === 'manual')
    throw notEmulated('An invoice for a payment that is captured later', 'payment_intent_data[capture_method]');
  for (const [parent, names] of Object.entries(NESTED)) {
    const name = names.find((one) => params[parent]?.[one] !== undefined);
    if (name !== undefined) throw notEmulated(`${parent}[${name}]`, `${parent}[${name}]`);
  }
  for (const name of ['rendering_options', 'account_tax_ids'])
    if (params.invoice_creation?.invoice_data?.[name]) {
      throw notEmulated(`invoice_creation[invoice_data][${name}]`, `invoice_creation[invoice_data][${name}]`);
    }
  const options: Params = params.payment_method_options ?? {};
  for (const [type, given] of Object.entries(options) as [string, Params][]) {
    const name = type === 'card' ? Object.keys(given).find((one) => one !== 'request_three_d_secure') : '';
    if (name === undefined) continue;
    const param = name === '' ? `payment_method_options[${type}]` : `payment_method_options[${type}][${name}]`;
    throw notEmulated(param, param);
  }
}

/** Rules between a session and its customer. Saving what the page asks needs leave to change a customer that exists [invertase #222, laravel/cashier #1246]. */
export function checkCustomer(params: Params, customer: Doc | null): void {
  const update: Params = params.customer_update ?? {};
  if (customer === null) {
    if (params.customer_update !== undefined)
      throw invalidRequest('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
    return;
  }
  if (params.customer_creation !== undefined)
    throw invalidRequest('`customer_creation` can not be used with `customer`.', { param: 'customer_creation' });
  if (params.tax_id_collection?.enabled === true && update.name !== 'auto')
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      { param: 'customer_update[name]' },
    );
  if (params.tax_id_collection?.enabled === true && customer.address?.country == null && update.address !== 'auto')
    throw invalidRequest(
      'We could not find a valid address on the provided customer. To enable tax ID collection, please set customer_update[address] to auto.',
      { param: 'customer_update[address]' },
    );
  if (update.shipping === 'auto' && params.shipping_address_collection === undefined)
    throw invalidRequest('You can only set `customer_update[shipping]` to `auto` when `shipping_address_collection` is set.', {
      param: 'customer_update[shipping]',
    });
}
