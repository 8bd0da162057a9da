import { createSetupIntent, minimumCharge, spell } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { checkCustomer, checkParams } from './check.ts';
import { readDiscounts } from './discounts.ts';
import { readLineItems, readOptionalItems } from './line-items.ts';
import { sessionFields } from './session-fields.ts';
import { chooseShipping, readShippingOptions } from './shipping.ts';
import { requireTax } from './tax.ts';
import { priceSession } from './totals.ts';

const MINUTE = 60;
const DEFAULT_LIFE = 24 * 60 * MINUTE;
const SHORTEST_LIFE = 30 * MINUTE;

/** Creates an open session with its page; it expires by itself. Setup mode makes its SetupIntent at once, the rest is made when the customer pays. */
export async function createSession(rq: ApiRequest): Promise<Doc> {
  return openSession(rq.tx, rq.params);
}

/** The same from Stripe's own parameters, with further fields for sessions of a payment link or a recovery. */
export async function openSession(tx: Tx, params: Params, more: Params = {}): Promise<Doc> {
  checkParams(params);
  const customer = params.customer === undefined ? null : await tx.require('customer', params.customer, { param: 'customer' });
  checkCustomer(params, customer);
  await requireTax(tx, params, customer);
  const session = tx.make('checkout.session', 'cs_test', { ...sessionFields(params, customer), ...more }, customer);
  session.expires_at = expiryOf(tx, session, params.expires_at);
  session.metadata = mergeMetadata(null, params.metadata);
  session.url = `${tx.publicUrl}/c/${session.id}`;
  session._data = {
    subscription_data: params.subscription_data ?? {},
    payment_intent_data: params.payment_intent_data ?? {},
    customer_update: params.customer_update ?? {},
    // An empty list of filters is Stripe's default; only chosen filters hide saved cards here (docs/to-confirm/hosted.md).
    redisplay: params.saved_payment_method_options?.allow_redisplay_filters ?? null,
    allow_redisplay: params.payment_method_data?.allow_redisplay ?? null,
    // Kept to open a session like this one again.
    ...(params.after_expiration?.recovery?.enabled === true ? { params } : {}),
  };
  if (session.mode === 'setup') await prepareSetup(tx, { session, customer, data: params.setup_intent_data ?? {} });
  else await fillCart(tx, { session, params });
  tx.put(session);
  tx.schedule({ kind: 'checkout_expire', ref: session.id, dueAt: session.expires_at, clock: session._clock ?? null });
  return session;
}

async function fillCart(tx: Tx, input: { session: Doc; params: Params }): Promise<void> {
  const { session, params } = input;
  const lines = await readLineItems(tx, { given: params.line_items ?? [], mode: session.mode, currency: params.currency?.toLowerCase() });
  session._lines = lines;
  session.currency = lines[0]!.item.currency;
  session.discounts = await readDiscounts(tx, params);
  if (params.optional_items !== undefined) {
    const read = await readOptionalItems(tx, { given: params.optional_items, session, lines });
    session.optional_items = read.shown;
    session._optional = read.lines;
  }
  session.shipping_options = await readShippingOptions(tx, { given: params.shipping_options ?? [], session });
  if (session.shipping_options.length > 0) chooseShipping(session, session.shipping_options[0].shipping_rate);
  await priceSession(tx, session);
  refuseTooSmall(session);
}

function refuseTooSmall(session: Doc): void {
  const least = minimumCharge(session.currency);
  if (session.mode !== 'payment' || session.amount_total === 0 || session.amount_total >= least) return;
  throw invalidRequest(`The Checkout Session's total amount due must add up to at least ${spell(least, session.currency)}`, {
    code: 'amount_too_small',
  });
}

async function prepareSetup(tx: Tx, input: { session: Doc; customer: Doc | null; data: Params }): Promise<void> {
  const { session, customer, data } = input;
  const intent = await createSetupIntent(tx, {
    customer,
    description: data.description ?? null,
    metadata: mergeMetadata(null, data.metadata),
  });
  Object.assign(session, { setup_intent: intent.id, payment_status: 'no_payment_required', _lines: [], _ref: intent.id });
}

/** 30 minutes to 24 hours from now; 24 hours when nothing is said [S 3.6 (9)]. */
function expiryOf(tx: Tx, session: Doc, given: number | undefined): number {
  const now = tx.now(session);
  const at = given ?? now + DEFAULT_LIFE;
  if (at < now + SHORTEST_LIFE)
    throw invalidRequest('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', { param: 'expires_at' });
  if (at > now + DEFAULT_LIFE)
    throw invalidRequest('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', { param: 'expires_at' });
  return at;
}
