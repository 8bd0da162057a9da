import { changeBalance } from '../../billing/invoice/balance.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { assignCustomerFields, assignInvoiceSettings, checkLocation } from './fields.ts';

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
  tx.put(customer);
  tx.emit('customer.updated', customer);
  return customer;
}
