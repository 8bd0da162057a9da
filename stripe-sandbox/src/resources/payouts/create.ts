import { availableBalance, recordBalanceTransaction, requireCurrency } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const DAY = 86_400;

/**
 * Takes money out of the available balance. No bank is behind it: the payout stays `pending` [sandbox.md 2, "Payouts, thin"].
 * Emits payout.created. Refuses more than is available.
 */
export async function createPayout(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const currency = requireCurrency(params.currency);
  if (params.method === 'instant') throw notEmulated('method=instant', 'method');
  if (params.source_type !== undefined && params.source_type !== 'card')
    throw notEmulated(`source_type=${params.source_type}`, 'source_type');
  if (params.amount < 1) throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (params.amount > (await availableBalance(tx, currency))) {
    throw invalidRequest(
      'You have insufficient funds in your Stripe account. One likely reason you have insufficient funds is that your funds are automatically being paid out; try enabling manual payouts by going to https://dashboard.stripe.com/account/payouts.',
      { code: 'balance_insufficient' },
    );
  }
  const payout = tx.make('payout', 'po', {
    amount: params.amount,
    arrival_date: (Math.floor(tx.now() / DAY) + 1) * DAY,
    automatic: false,
    currency,
    description: params.description ?? null,
    metadata: mergeMetadata(null, params.metadata),
    method: 'standard',
    reconciliation_status: 'not_applicable',
    source_type: 'card',
    statement_descriptor: params.statement_descriptor ?? null,
    status: 'pending',
    type: 'bank_account',
  });
  const movement = await recordBalanceTransaction(tx, {
    type: 'payout',
    source: payout,
    amount: -params.amount,
    description: params.description ?? 'STRIPE PAYOUT',
    atOnce: true,
  });
  payout.balance_transaction = movement.id;
  tx.put(payout);
  tx.emit('payout.created', payout);
  return payout;
}
