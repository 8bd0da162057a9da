/** Balance transactions are made by charges, refunds, disputes and payouts; here they are only read. */
import { readBalance, withPresentStatus } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Plain } from '../../kernel/types.ts';

/** What is available and what is pending, per currency. */
export function retrieveBalance(rq: ApiRequest): Promise<Plain> {
  return readBalance(rq.tx);
}

export async function retrieveMoneyMovement(rq: ApiRequest): Promise<Doc> {
  return withPresentStatus(rq.tx, await rq.tx.require('balance_transaction', rq.path.id!));
}

/** Filters by type, source and currency; by payout only where Stripe knows which movements it paid out. */
export async function listMoneyMovements(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  if (params.payout) await refuseManualPayout(rq);
  const answer = await tx.list(rq, {
    object: 'balance_transaction',
    where: { ref: params.source },
    filter: (movement) =>
      (!params.type || movement.type === params.type) && (!params.currency || movement.currency === params.currency.toLowerCase()),
    scoped: Boolean(params.source),
  });
  return { ...answer, data: answer.data.map((movement) => withPresentStatus(tx, movement)) };
}

/** Every payout of the Sandbox was asked for by hand: no movement belongs to one. */
async function refuseManualPayout(rq: ApiRequest): Promise<void> {
  await rq.tx.require('payout', rq.params.payout, { param: 'payout' });
  throw invalidRequest('Balance transaction history can only be filtered on automatic transfers, not manual.', { param: 'payout' });
}
