import { createSetupIntent } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { httpUrl } from '../../pages/layout.ts';
import { readDiscounts } from './discounts.ts';
import { readLineItems } from './line-items.ts';
import { sessionFields } from './session-fields.ts';
import { priceSession } from './totals.ts';

const MINUTE = 60;
const DEFAULT_LIFE = 24 * 60 * MINUTE;
const SHORTEST_LIFE = 30 * MINUTE;

/** Creates an open session with its page; it expires by itself. Setup mode makes its SetupIntent at once, the rest is made when the customer pays. */
export async function createSession(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  check(params);
  const customer = params.customer === undefined ? null : await tx.require('customer', params.customer, { param: 'customer' });
  const session = tx.make('checkout.session', 'cs_test', sessionFields(params, customer), customer);
  session.expires_at = expiryOf(tx, session, params.expires_at);
  session.metadata = mergeMetadata(null, params.metadata);
  session.url = `${tx.publicUrl}/c/${session.id}`;
  session._data = {
    subscription_data: params.subscription_data ?? {},
    payment_intent_data: params.payment_intent_data ?? {},
    customer_update: params.customer_update ?? {},
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
  await priceSession(tx, session);
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

function check(params: Params): void {
  const { mode } = params;
  if (mode === undefined) throw parameterMissing('mode');
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page') throw notEmulated(`ui_mode ${params.ui_mode}`, 'ui_mode');
  if (params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax of a Checkout Session', 'automatic_tax');
  if (params.invoice_creation?.enabled === true) throw notEmulated('invoice_creation of a Checkout Session', 'invoice_creation');
  if (params.success_url === undefined) throw parameterMissing('success_url');
  for (const name of ['success_url', 'cancel_url']) {
    if (params[name] !== undefined && httpUrl(params[name]) === null)
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: name });
  }
  if (params.customer !== undefined && params.customer_email !== undefined) throw parametersExclusive('customer', 'customer_email');
  if (mode === 'setup' && params.line_items !== undefined)
    throw invalidRequest('You can not pass `line_items` in `setup` mode.', { param: 'line_items' });
  if (mode !== 'setup' && !(params.line_items?.length > 0)) throw parameterMissing('line_items');
  if (mode === 'subscription' && params.customer_creation !== undefined) {
    throw invalidRequest('`customer_creation` can only be used in `payment` and `setup` mode.', { param: 'customer_creation' });
  }
  const foreign = { payment_intent_data: 'payment', subscription_data: 'subscription', setup_intent_data: 'setup' };
  for (const [name, owner] of Object.entries(foreign)) {
    if (params[name] !== undefined && mode !== owner)
      throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
  }
  refuseNested(params);
}

/** Money for platforms, and intervals without behaviour: refused, never ignored. */
function refuseNested(params: Params): void {
  const nested: Record<string, string[]> = {
    subscription_data: ['application_fee_percent', 'on_behalf_of', 'transfer_data', 'pending_invoice_item_interval'],
    payment_intent_data: ['application_fee_amount', 'on_behalf_of', 'transfer_data', 'transfer_group'],
    setup_intent_data: ['on_behalf_of'],
  };
  for (const [parent, names] of Object.entries(nested)) {
    const name = names.find((one) => params[parent]?.[one] !== undefined);
    if (name !== undefined) throw notEmulated(`${parent}[${name}]`, `${parent}[${name}]`);
  }
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
