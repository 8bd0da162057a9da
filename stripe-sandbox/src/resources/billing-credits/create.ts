import { scheduleExpiry, writeEntry } from '../../billing/credits/index.ts';
import { requireCurrency } from '../../billing/payments/index.ts';
import { invalidRequest, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const DEFAULT_PRIORITY = 50;
const MAX_PRIORITY = 100;
const MAX_PRICES = 20;
const MAX_NAME = 100;
const SCOPE = 'applicability_config[scope]';

/** Gives a customer credits for usage. Emits billing.credit_grant.created and the transaction's event; expiry is a timer. */
export async function createGrant(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.customer === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  const monetary = monetaryOf(params.amount);
  const now = tx.now(customer);
  const effectiveAt = params.effective_at ?? now;
  const expiresAt = params.expires_at ?? null;
  if (expiresAt !== null && expiresAt <= Math.max(now, effectiveAt))
    throw invalidRequest('`expires_at` must be in the future and after `effective_at`.', { param: 'expires_at' });
  const grant = tx.make(
    'billing.credit_grant',
    'credgr_test',
    {
      amount: { monetary, type: 'monetary' },
      applicability_config: { scope: await scopeOf(tx, params.applicability_config.scope, SCOPE) },
      category: params.category ?? 'paid',
      customer: customer.id,
      effective_at: effectiveAt,
      expires_at: expiresAt,
      metadata: mergeMetadata({}, params.metadata),
      name: nameOf(params.name),
      priority: priorityOf(params.priority),
      test_clock: customer.test_clock ?? null,
      updated: now,
      _remaining: 0,
    },
    customer,
  );
  tx.put(grant);
  tx.emit('billing.credit_grant.created', grant);
  writeEntry(tx, { grant, amount: monetary.value, entry: { side: 'credit', type: 'credits_granted' } });
  scheduleExpiry(tx, grant);
  return grant;
}

function monetaryOf(amount: Params): { currency: string; value: number } {
  const { monetary } = amount;
  if (monetary === undefined) throw parameterMissing('amount[monetary]');
  const currency = requireCurrency(monetary.currency, 'amount[monetary][currency]');
  if (!Number.isSafeInteger(monetary.value) || monetary.value < 1)
    throw invalidRequest('This value must be an integer greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount[monetary][value]',
    });
  return { currency, value: monetary.value };
}

/** Every metered price, or up to twenty named ones; not both [DTS]. */
export async function scopeOf(tx: Tx, scope: Params, at: string): Promise<Params> {
  if (scope.price_type !== undefined && scope.prices !== undefined) throw parametersExclusive(`${at}[price_type]`, `${at}[prices]`);
  if (scope.prices === undefined) {
    if (scope.price_type === undefined) throw parameterMissing(`${at}[price_type]`);
    return { price_type: scope.price_type };
  }
  if (scope.prices.length === 0) throw parameterMissing(`${at}[prices]`);
  if (scope.prices.length > MAX_PRICES) throw invalidRequest(`You can pass at most ${MAX_PRICES} prices.`, { param: `${at}[prices]` });
  const prices: Params[] = [];
  for (const [index, { id }] of scope.prices.entries()) {
    const param = `${at}[prices][${index}][id]`;
    const price = await tx.require('price', id, { param });
    if (price.recurring?.meter == null)
      throw invalidRequest(`The price ${id} is not a metered price: billing credits apply to prices with a meter only.`, { param });
    prices.push({ id });
  }
  return { prices };
}

function nameOf(name: string | undefined): string | null {
  if ((name?.length ?? 0) > MAX_NAME)
    throw invalidRequest(`Invalid string: must be at most ${MAX_NAME} characters`, {
      code: 'parameter_invalid_string_length',
      param: 'name',
    });
  return name || null;
}

function priorityOf(given: number | undefined): number {
  const priority = given ?? DEFAULT_PRIORITY;
  if (priority >= 0 && priority <= MAX_PRIORITY) return priority;
  const message = `This value must be between 0 and ${MAX_PRIORITY}.`;
  throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'priority' });
}
