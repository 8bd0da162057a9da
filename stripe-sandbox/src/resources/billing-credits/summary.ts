import { isExpired } from '../../billing/credits/index.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Plain } from '../../kernel/types.ts';
import { scopeOf } from './create.ts';

/** A customer's credits per currency: of one grant, or of all grants that apply to a scope. Grants that are not effective yet count for nothing. */
export async function creditBalance(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  if (params.customer === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', params.customer, { param: 'customer', deleted: true });
  const grants = await grantsOf(rq, customer);
  const now = tx.now(customer);
  const sums = new Map<string, number>();
  for (const grant of grants) {
    const { currency } = grant.amount.monetary;
    const counts = grant.effective_at <= now && !isExpired(grant, now);
    sums.set(currency, (sums.get(currency) ?? 0) + (counts ? grant._remaining : 0));
  }
  const balances = [...sums].map(([currency, value]) => {
    const balance = { monetary: { currency, value }, type: 'monetary' };
    return { available_balance: balance, ledger_balance: { ...balance } };
  });
  return {
    object: 'billing.credit_balance_summary',
    balances,
    customer: customer.id,
    customer_account: null,
    livemode: false,
  };
}

async function grantsOf(rq: ApiRequest, customer: Doc): Promise<Doc[]> {
  const { tx, params } = rq;
  const { filter } = params;
  if (filter.type === 'credit_grant') {
    if (filter.credit_grant === undefined) throw parameterMissing('filter[credit_grant]');
    const grant = await tx.require('billing.credit_grant', filter.credit_grant, { param: 'filter[credit_grant]' });
    if (grant.customer !== customer.id)
      throw invalidRequest('This credit grant belongs to another customer.', { param: 'filter[credit_grant]' });
    return [grant];
  }
  if (filter.applicability_scope === undefined) throw parameterMissing('filter[applicability_scope]');
  const scope = await scopeOf(tx, filter.applicability_scope, 'filter[applicability_scope]');
  return tx.query({
    object: 'billing.credit_grant',
    where: { customer: customer.id },
    order: 'oldest',
    filter: (grant) => applies(grant.applicability_config.scope, scope),
  });
}

/** A grant for all metered prices applies to any of them; one for named prices to those. */
function applies(own: Params, asked: Params): boolean {
  if (own.price_type !== undefined) return true;
  return asked.prices?.some((price: Params) => own.prices.some((mine: Params) => mine.id === price.id)) ?? false;
}
