import { changeBalance } from '../../billing/invoice/balance.ts';
import { parameterEmpty } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { replaceSource } from '../sources/add.ts';
import { requireSource } from '../sources/card.ts';
import { assignCustomerFields, assignInvoiceSettings, checkLocation } from './fields.ts';
import { changeDiscount, tellDiscount } from './legacy-discount.ts';

/** Changes the given fields of a customer; '' unsets. Setting `balance` records the difference as an adjustment. Emits customer.updated. */
export async function updateCustomer(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  assignCustomerFields(customer, params);
  await assignInvoiceSettings(tx, { customer, given: params.invoice_settings });
  await checkLocation(tx, customer, params);
  customer.metadata = mergeMetadata(customer.metadata, params.metadata);
  if (params.balance !== undefined && params.balance !== customer.balance) {
    const currency = customer.currency ?? tx.account.settings.currency;
    changeBalance(tx, { customer, amount: params.balance - customer.balance, currency, type: 'adjustment' });
  }
  await assignSource(rq, customer);
  const discount = await changeDiscount(tx, { customer, legacy: rq.legacy });
  tx.put(customer);
  tx.emit('customer.updated', customer);
  tellDiscount(tx, discount);
  return customer;
}

/** `source` brings a new default and deletes the old one; `default_source` chooses among those that are there. */
async function assignSource(rq: ApiRequest, customer: Doc): Promise<void> {
  const { tx, params } = rq;
  for (const name of ['source', 'default_source']) if (params[name] === '') throw parameterEmpty(name);
  if (params.source) await replaceSource(tx, { customer, source: params.source });
  if (params.default_source) {
    customer.default_source = (await requireSource(tx, { customer, id: params.default_source, param: 'default_source' })).id;
  }
}
