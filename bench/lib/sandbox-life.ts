import Stripe from 'stripe';
import { createSandbox, type Sandbox, type SandboxOptions, seededRandom } from 'stripe-sandbox';

export const START = Date.UTC(2026, 0, 1) / 1000;
const YEAR = 2026;

export type Life = { sandbox: Sandbox; account: string; secretKey: string; stripe: Stripe };

/** A Sandbox with one account whose clock stands on 1 January; webhooks are answered at once. */
export async function startLife(options: SandboxOptions = {}): Promise<Life> {
  const deliver = async () => ({ status: 200, body: '' });
  const sandbox = await createSandbox({ random: seededRandom(1), deliver, ...options });
  const { account, secretKey } = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: START } });
  const httpClient = Stripe.createFetchHttpClient(sandbox.fetch as typeof fetch);
  return { sandbox, account, secretKey, stripe: new Stripe(secretKey, { httpClient, telemetry: false, maxNetworkRetries: 0 }) };
}

/** So many customers on a monthly plan, each with a card. */
export async function subscribe(life: Life, count: number): Promise<void> {
  const { stripe } = life;
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  for (let n = 0; n < count; n++) {
    const { id } = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] });
  }
}

/** Seconds that twelve renewals of everybody take, month by month. Throws when a renewal is missing: a fast wrong answer is no figure. */
export async function liveAYear(life: Life, subscriptions: number): Promise<number> {
  const started = performance.now();
  for (let month = 1; month <= 12; month++) {
    await life.sandbox.control.advance({ account: life.account, to: Date.UTC(YEAR, month, 2) / 1000 });
  }
  const seconds = (performance.now() - started) / 1000;
  const paid = await life.sandbox.control.events({ account: life.account, types: ['invoice.paid'], limit: 1_000_000 });
  if (paid.length !== subscriptions * 13) throw new Error(`${paid.length} invoices were paid instead of ${subscriptions * 13}.`);
  return seconds;
}

/** One request past the SDK, whose own share is not ours. */
export async function call(life: Life, request: { method: string; path: string; body?: string; key?: string }): Promise<void> {
  const headers: Record<string, string> = { authorization: `Bearer ${life.secretKey}` };
  if (request.body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  if (request.key !== undefined) headers['idempotency-key'] = request.key;
  const response = await life.sandbox.fetch(`https://api.stripe.com${request.path}`, {
    method: request.method,
    headers,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  if (response.status !== 200) throw new Error(`${request.method} ${request.path} answered ${response.status}`);
}
