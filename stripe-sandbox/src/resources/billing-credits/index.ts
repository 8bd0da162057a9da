/** Billing credits: grants, their ledger and what is left of them. */
import { creditsExpired } from '../../billing/credits/index.ts';
import { parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, ListAnswer, Route, TimerHandler } from '../../kernel/types.ts';
import { expireGrant, updateGrant, voidGrant } from './change.ts';
import { createGrant } from './create.ts';
import { creditBalance } from './summary.ts';

const GRANTS = '/v1/billing/credit_grants';
const GRANT = `${GRANTS}/{id}`;
const TRANSACTIONS = '/v1/billing/credit_balance_transactions';
const unsupported = ['customer_account'];

/** The movements of a customer's credits, or of one grant's. */
async function listTransactions(rq: ApiRequest): Promise<ListAnswer> {
  const { customer, credit_grant: grant } = rq.params;
  if (customer === undefined && grant === undefined) throw parameterMissing('customer');
  return rq.tx.list(rq, { object: 'billing.credit_balance_transaction', where: { customer, ref: grant }, scoped: true });
}

export const routes: Route[] = [
  { method: 'POST', path: GRANTS, run: createGrant, unsupported },
  {
    method: 'GET',
    path: GRANTS,
    run: (rq) => rq.tx.list(rq, { object: 'billing.credit_grant', where: { customer: rq.params.customer } }),
    unsupported,
  },
  { method: 'GET', path: GRANT, run: (rq) => rq.tx.require('billing.credit_grant', rq.path.id!) },
  { method: 'POST', path: GRANT, run: updateGrant },
  { method: 'POST', path: `${GRANT}/expire`, run: expireGrant },
  { method: 'POST', path: `${GRANT}/void`, run: voidGrant },
  { method: 'GET', path: TRANSACTIONS, run: listTransactions, unsupported },
  { method: 'GET', path: `${TRANSACTIONS}/{id}`, run: (rq) => rq.tx.require('billing.credit_balance_transaction', rq.path.id!) },
  { method: 'GET', path: '/v1/billing/credit_balance_summary', run: creditBalance, unsupported },
];

export const timers: Record<string, TimerHandler> = { credit_expire: creditsExpired };
