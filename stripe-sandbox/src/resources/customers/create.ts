import { changeBalance } from '../../billing/invoice/balance.ts';
import { attachPaymentMethod } from '../../billing/payments/index.ts';
import { invalidRequest, parameterEmpty } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { addSource } from '../sources/add.ts';
import { addTaxId } from '../tax-ids/add.ts';
import { assignCustomerFields, assignInvoiceSettings, checkLocation } from './fields.ts';
import { changeDiscount, tellDiscount } from './legacy-discount.ts';

const PREFIX_LENGTH = 8;
/** Stripe's cap on a test clock [S 3.11]. */

/** Creates a customer, on a test clock if asked, with its first payment method and tax ids. Emits customer.created. */
export async function createCustomer(rq: Pick<ApiRequest, 'tx' | 'params' | 'legacy'>): Promise<Doc> {
  const { tx, params } = rq;
  const clock = await clockOf(tx, params.test_clock);
  const customer = tx.make('customer', 'cus', {
    balance: 0,
    currency: null,
    customer_account: null,
    delinquent: false,
    discount: null,
    invoice_prefix: tx.secret(PREFIX_LENGTH).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    metadata: mergeMetadata(null, params.metadata),
    next_invoice_sequence: 1,
    name: null,
    address: null,
    phone: null,
    preferred_locales: [],
    tax_exempt: 'none',
    test_clock: clock,
    _clock: clock,
  });
  assignCustomerFields(customer, params);
  tx.put(customer);
  const invoiceSettings = await attachFirst(tx, customer, params);
  await assignInvoiceSettings(tx, { customer, given: invoiceSettings });
  await checkLocation(tx, customer, params);
  if (params.balance) {
    changeBalance(tx, { customer, amount: params.balance, currency: tx.account.settings.currency, type: 'initial' });
  }
  if (params.source === '') throw parameterEmpty('source');
  if (params.source) await addSource(tx, { customer, source: params.source, asDefault: true });
  const discount = await changeDiscount(tx, { customer, legacy: rq.legacy });
  tx.put(customer);
  tx.emit('customer.created', customer);
  tellDiscount(tx, discount);
  for (const taxId of params.tax_id_data ?? []) addTaxId(tx, { customer, type: taxId.type, value: taxId.value });
  return customer;
}

/** Attaches `payment_method`; invoice settings that name the same shared token mean the method just made from it. */
async function attachFirst(tx: Tx, customer: Doc, params: Params): Promise<Params | undefined> {
  if (!params.payment_method) return params.invoice_settings;
  const attached = await attachPaymentMethod(tx, { paymentMethod: params.payment_method, customer });
  if (params.invoice_settings?.default_payment_method !== params.payment_method) return params.invoice_settings;
  return { ...params.invoice_settings, default_payment_method: attached.id };
}

/** Three customers to a test clock [S 3.11]; the account's own clock takes any number. */
export async function refuseFullClock(tx: Tx, clock: Doc, param: string): Promise<void> {
  const { customersPerClock } = tx.limits;
  if (clock._account_clock === true || customersPerClock === Number.POSITIVE_INFINITY) return;
  const others = await tx.query({ object: 'customer', clock: clock.id, limit: customersPerClock });
  if (others.length < customersPerClock) return;
  throw invalidRequest(`You can create at most ${customersPerClock} customers on a test clock.`, { param });
}

async function clockOf(tx: Tx, id: string | undefined): Promise<string | null> {
  if (!id) return null;
  const clock = await tx.require('test_helpers.test_clock', id, { param: 'test_clock' });
  await refuseFullClock(tx, clock, 'test_clock');
  return clock.id === tx.account.clockId ? null : clock.id;
}
