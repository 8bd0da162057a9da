import { changeBalance } from '../../billing/invoice/balance.ts';
import { requireCurrency } from '../../billing/payments/index.ts';
import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';

const OBJECT = 'customer_balance_transaction';

/** Adds credit (negative) or debt (positive) to the customer's balance in a currency [S 3.9]. Emits customer.updated. */
export async function createBalanceTransaction(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  const currency = requireCurrency(params.currency);
  const transaction = changeBalance(tx, {
    customer,
    amount: params.amount,
    currency,
    type: 'adjustment',
    description: orNull<string>(params.description),
    metadata: mergeMetadata(null, params.metadata),
  });
  tx.emit('customer.updated', customer);
  return transaction;
}

export async function listBalanceTransactions(rq: ApiRequest): Promise<ListAnswer> {
  const customer = await rq.tx.require('customer', rq.path.customer!, { deleted: true });
  return rq.tx.list(rq, { object: OBJECT, where: { customer: customer.id, invoice: rq.params.invoice }, scoped: true });
}

export async function retrieveBalanceTransaction(rq: ApiRequest): Promise<Doc> {
  const transaction = await rq.tx.require(OBJECT, rq.path.transaction!);
  if (transaction.customer !== rq.path.customer) throw resourceMissing(OBJECT, transaction.id);
  return transaction;
}

/** Only description and metadata can change; amounts are history. */
export async function updateBalanceTransaction(rq: ApiRequest): Promise<Doc> {
  const transaction = await retrieveBalanceTransaction(rq);
  transaction.description = orNull(rq.params.description, transaction.description);
  transaction.metadata = mergeMetadata(transaction.metadata, rq.params.metadata);
  rq.tx.put(transaction);
  return transaction;
}
