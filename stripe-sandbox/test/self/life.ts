/** A random merchant's life as data: the same seed gives the same operations, whatever the Sandbox answers. */
import { type RandomPort, type Sandbox, seededRandom } from '../../src/index.ts';

export const START = Date.UTC(2026, 0, 1) / 1000;
const DAY = 86_400;

export type Operation =
  | { kind: 'call'; method: 'POST' | 'DELETE'; path: string; params: Record<string, string>; key: string }
  | { kind: 'decline'; who: number; code: string }
  | { kind: 'advance'; seconds: number };

/** What the operations name by number: the nth object of a kind that exists. */
type Known = Record<'customer' | 'subscription' | 'invoice' | 'charge' | 'price', string[]>;

export type Life = {
  sandbox: () => Sandbox;
  account: string;
  secretKey: string;
  known: Known;
  /** Statuses of the answers, in order. */
  statuses: number[];
};

const CARDS = ['pm_card_visa', 'pm_card_visa', 'pm_card_mastercard', 'pm_card_chargeCustomerFail'];
const INTERVALS = ['month', 'month', 'week', 'year'];

/** Draws the operations of a seed. References are places in `known` (`$customer.3`), filled in when an operation runs. */
export function operationsOf(seed: number, count: number): Operation[] {
  const random = seededRandom(seed * 7919 + 13);
  const number = (most: number) => Math.floor(random.fraction() * most);
  const operations: Operation[] = [];
  const post = (path: string, params: Record<string, string | number> = {}) => {
    const text = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
    operations.push({ kind: 'call', method: 'POST', path, params: text, key: `key_${seed}_${operations.length}` });
  };
  for (const [place, interval] of INTERVALS.entries()) {
    post('/v1/prices', {
      currency: 'usd',
      unit_amount: 1000 + place * 733,
      'recurring[interval]': interval,
      'product_data[name]': `Plan ${place}`,
    });
  }
  while (operations.length < count) draw({ random, number, post, push: (operation) => operations.push(operation) });
  return operations;
}

type Drawing = {
  random: RandomPort;
  number: (most: number) => number;
  post: (path: string, params?: Record<string, string | number>) => void;
  push: (operation: Operation) => void;
};

function draw({ number, post, push }: Drawing): void {
  const [customer, subscription, invoice, charge] = ['customer', 'subscription', 'invoice', 'charge'].map(
    (kind) => `$${kind}.${number(6)}`,
  );
  const choices: (() => void)[] = [
    () => {
      const card = CARDS[number(CARDS.length)]!;
      post('/v1/customers', { name: `C${number(99)}`, payment_method: card, 'invoice_settings[default_payment_method]': card });
    },
    () => post('/v1/subscriptions', { customer: customer!, 'items[0][price]': `$price.${number(4)}`, 'items[0][quantity]': 1 + number(4) }),
    () => post('/v1/subscriptions', { customer: customer!, 'items[0][price]': `$price.${number(4)}`, trial_period_days: 1 + number(20) }),
    () => post(`/v1/subscriptions/${subscription}`, { cancel_at_period_end: number(2) === 0 ? 'true' : 'false' }),
    () => post(`/v1/subscriptions/${subscription}`, { 'metadata[step]': number(100) }),
    () => push({ kind: 'call', method: 'DELETE', path: `/v1/subscriptions/${subscription}`, params: {}, key: '' }),
    () => post('/v1/invoiceitems', { customer: customer!, amount: number(9000) - 1500, currency: 'usd', description: 'Extra' }),
    () =>
      post('/v1/invoices', {
        customer: customer!,
        auto_advance: number(2) === 0 ? 'true' : 'false',
        pending_invoice_items_behavior: 'include',
      }),
    () => post(`/v1/invoices/${invoice}/finalize`),
    () => post(`/v1/invoices/${invoice}/pay`),
    () => post(`/v1/invoices/${invoice}/void`),
    () => post('/v1/refunds', { charge: charge!, amount: 1 + number(1500) }),
    () => post('/v1/credit_notes', { invoice: invoice!, amount: 1 + number(900) }),
    () =>
      post('/v1/payment_intents', {
        amount: 60 + number(9000),
        currency: 'usd',
        customer: customer!,
        confirm: 'true',
        payment_method: 'pm_card_visa',
        'automatic_payment_methods[enabled]': 'true',
        'automatic_payment_methods[allow_redirects]': 'never',
      }),
    () => push({ kind: 'decline', who: number(6), code: number(2) === 0 ? 'card_declined' : 'expired_card' }),
    () => push({ kind: 'advance', seconds: 3600 + number(20 * DAY) }),
    () => push({ kind: 'advance', seconds: 3600 + number(40 * DAY) }),
  ];
  choices[number(choices.length)]!();
}

/** Runs one operation. Refusals are part of life; a 5xx is not, and throws. */
export async function perform(life: Life, operation: Operation): Promise<void> {
  if (operation.kind === 'advance') return advance(life, operation.seconds);
  if (operation.kind === 'decline') {
    const customer = life.known.customer[operation.who % Math.max(1, life.known.customer.length)];
    const outcome = { kind: 'decline' as const, code: operation.code };
    if (customer !== undefined) await life.sandbox().control.outcome({ account: life.account, customer, outcome });
    return;
  }
  const path = filled(life, operation.path);
  const params = Object.fromEntries(Object.entries(operation.params).map(([name, value]) => [name, filled(life, value)]));
  const headers = { authorization: `Bearer ${life.secretKey}`, ...(operation.key === '' ? {} : { 'idempotency-key': operation.key }) };
  const body = new URLSearchParams(params).toString();
  const answer = await life.sandbox().fetch(`https://api.stripe.com${path}`, {
    method: operation.method,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    ...(operation.method === 'POST' ? { body } : {}),
  });
  const doc = (await answer.json()) as { id?: string; object?: string; latest_invoice?: string; latest_charge?: string };
  if (answer.status >= 500) throw new Error(`${operation.method} ${path} answered ${answer.status}: ${JSON.stringify(doc)}`);
  life.statuses.push(answer.status);
  note(life.known, doc);
}

/** Moves the account's clock from where it stands, and waits. */
async function advance(life: Life, seconds: number): Promise<void> {
  const { control } = life.sandbox();
  const { now } = await control.clock(life.account);
  await control.advance({ account: life.account, to: now + seconds });
}

/** `$customer.3` is the fourth customer, or the first ones again when there are fewer; `none` when there is none. */
function filled(life: Life, text: string): string {
  return text.replace(/\$(\w+)\.(\d+)/g, (_whole, kind: keyof Known, place: string) => {
    const ids = life.known[kind];
    return ids[ids.length - 1 - (Number(place) % Math.max(1, ids.length))] ?? `${kind}_none`;
  });
}

function note(known: Known, doc: { id?: string; object?: string; latest_invoice?: string; latest_charge?: string }): void {
  const add = (kind: keyof Known, id: string | undefined) => {
    if (typeof id === 'string' && !known[kind].includes(id)) known[kind].push(id);
  };
  if (doc.object !== undefined && Object.hasOwn(known, doc.object)) add(doc.object as keyof Known, doc.id);
  if (doc.object === 'subscription') add('invoice', doc.latest_invoice);
  if (doc.object === 'payment_intent') add('charge', doc.latest_charge);
}

export function emptyKnown(): Known {
  return { customer: [], subscription: [], invoice: [], charge: [], price: [] };
}
