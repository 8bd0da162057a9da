/**
 * The older dialect of callers that send no `Stripe-Version`: the Stripe CLI, curl, old libraries. Each line of the table turns a parameter that
 * the pinned version no longer has into what the pinned version says instead. With the header the same parameter is `parameter_unknown`.
 */
import type { Params, Tx } from '../kernel/types.ts';

/** Changes the decoded form in hand; what the pinned version has no words for goes into `legacy`, which the handler reads from `rq.legacy`. */
type Rewrite = (raw: Params, at: { tx: Tx; legacy: Params }) => void | Promise<void>;

/** Keys as the contract writes them, `METHOD /path/{}`. */
const REWRITES: Record<string, Rewrite[]> = {
  'POST /v1/payment_intents': [renameMethodTypes, cardsOnly],
  'POST /v1/payment_intents/{}': [renameMethodTypes],
  'POST /v1/payment_intents/{}/confirm': [renameMethodTypes],
  'POST /v1/setup_intents': [renameMethodTypes, cardsOnly],
  'POST /v1/setup_intents/{}': [renameMethodTypes],
  'POST /v1/setup_intents/{}/confirm': [renameMethodTypes],
  'POST /v1/checkout/sessions': [renameMethodTypes],
  'POST /v1/customers': [keepCoupon],
  'POST /v1/customers/{}': [keepCoupon],
  'POST /v1/promotion_codes': [wrapCoupon],
  'POST /v1/subscriptions': [listDiscount],
  'POST /v1/subscriptions/{}': [listDiscount],
  'POST /v1/subscription_schedules': [countIterations],
  'POST /v1/subscription_schedules/{}': [countIterations],
};

/** The parameters in today's words, and those that only the old dialect has. The given form is not changed. */
export async function rewriteLegacy(
  tx: Tx,
  call: { route: string; raw: Params; incoming: { headers: Headers } },
): Promise<{ raw: Params; legacy: Params }> {
  const namesVersion = (call.incoming.headers.get('stripe-version') ?? '') !== '';
  const rewrites = namesVersion ? undefined : REWRITES[call.route];
  if (rewrites === undefined) return { raw: call.raw, legacy: {} };
  const raw = structuredClone(call.raw);
  const legacy: Params = {};
  for (const rewrite of rewrites) await rewrite(raw, { tx, legacy });
  return { raw, legacy };
}

/** `payment_method_types` became `allowed_payment_method_types` in the pinned version [K 10]. */
function renameMethodTypes(raw: Params): void {
  if (raw.payment_method_types === undefined || raw.allowed_payment_method_types !== undefined) return;
  raw.allowed_payment_method_types = raw.payment_method_types;
  delete raw.payment_method_types;
}

/** Before automatic payment methods were the default an intent took cards only, which never redirect: no `return_url` is asked for. */
function cardsOnly(raw: Params): void {
  raw.automatic_payment_methods ??= { enabled: 'true', allow_redirects: 'never' };
}

/** A customer's own coupon: the pinned version can no longer set one. */
function keepCoupon(raw: Params, { legacy }: { legacy: Params }): void {
  for (const name of ['coupon', 'promotion_code']) {
    if (raw[name] === undefined) continue;
    legacy[name] = raw[name];
    delete raw[name];
  }
}

function wrapCoupon(raw: Params): void {
  if (raw.coupon === undefined || raw.promotion !== undefined) return;
  raw.promotion = { type: 'coupon', coupon: raw.coupon };
  delete raw.coupon;
}

/** `coupon=` and `promotion_code=` became the list `discounts`; empty clears it. */
function listDiscount(raw: Params): void {
  for (const name of ['coupon', 'promotion_code']) {
    if (raw[name] === undefined || raw.discounts !== undefined) continue;
    raw.discounts = raw[name] === '' ? '' : { 0: { [name]: raw[name] } };
    delete raw[name];
  }
}

/** `iterations` of a phase counted the intervals of its price; `duration` names them. */
async function countIterations(raw: Params, { tx }: { tx: Tx }): Promise<void> {
  if (typeof raw.phases !== 'object') return;
  for (const [index, phase] of Object.entries(raw.phases as Record<string, Params>)) {
    if (typeof phase !== 'object' || phase.iterations === undefined || phase.duration !== undefined) continue;
    const recurring = await recurringOf(tx, phase, `phases[${index}]`);
    const count = Number(phase.iterations);
    // What is no number stays as it came: the contract names it.
    if (recurring === undefined || !Number.isSafeInteger(count)) continue;
    phase.duration = { interval: recurring.interval, interval_count: String(count * Number(recurring.interval_count ?? 1)) };
    delete phase.iterations;
  }
}

/** The interval of the phase's first item. Refuses a price that is not there. */
async function recurringOf(tx: Tx, phase: Params, at: string): Promise<Params | undefined> {
  const item = (phase.items as Record<string, Params> | undefined)?.[0];
  if (item?.price_data !== undefined) return item.price_data.recurring;
  if (typeof item?.price !== 'string') return undefined;
  const price = await tx.require('price', item.price, { param: `${at}[items][0][price]` });
  return price.recurring ?? undefined;
}
