/** A Sandbox with one account on its own virtual clock, driven by the official SDK: the stage of every billing story. Test support. */
import Stripe from 'stripe';
import type { SandboxOptions } from '../../index.ts';
import { createSandbox, seededRandom } from '../../index.ts';
import type { AccountSettings } from '../../kernel/types.ts';

export type World = Awaited<ReturnType<typeof openWorld>>;

export const at = (text: string): number => Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`) / 1000;
export const iso = (seconds: number | null | undefined): string | null =>
  seconds == null ? null : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z').replace('T00:00:00Z', '');

/** Opens the stage; `now` is the account's simulated present, every answer is checked against the contract. */
export async function openWorld(options: { now?: string; settings?: Partial<AccountSettings>; sandbox?: SandboxOptions } = {}) {
  const sandbox = await createSandbox({
    random: seededRandom(7),
    validateResponses: true,
    publicUrl: 'http://sandbox.test',
    settle: 'off',
    ...options.sandbox,
  });
  const account = await sandbox.control.createAccount({ name: 'Acme', clock: { mode: 'virtual', now: at(options.now ?? '2026-01-01') } });
  if (options.settings !== undefined) await sandbox.control.updateAccount({ account: account.account, settings: options.settings });
  const stripe = new Stripe(account.secretKey, {
    httpClient: Stripe.createFetchHttpClient(sandbox.fetch as typeof fetch),
    telemetry: false,
    maxNetworkRetries: 0,
  });
  let seen = 0;
  const all = () => sandbox.control.events({ account: account.account, limit: 10_000 });
  return {
    sandbox,
    stripe,
    account: account.account,
    close: () => sandbox.close(),
    /** Moves the account's clock and waits. */
    to: (text: string) => sandbox.control.advance({ account: account.account, to: at(text) }),
    events: all,
    /** Types of the events since the last call, in the order they were told. */
    async fresh(): Promise<string[]> {
      const events = (await all()).filter((event) => !event.type.startsWith('test_helpers.'));
      const types = events.slice(seen).map((event) => event.type);
      seen = events.length;
      return types;
    },
    async customer(method = 'pm_card_visa') {
      return stripe.customers.create({
        email: 'ada@example.com',
        name: 'Ada',
        payment_method: method,
        invoice_settings: { default_payment_method: method },
      });
    },
    async price(amount: number, more: Partial<Stripe.PriceCreateParams> = {}, name = 'Pro') {
      return stripe.prices.create({
        currency: 'usd',
        unit_amount: amount,
        recurring: { interval: 'month' },
        product_data: { name },
        ...more,
      });
    },
  };
}

/** The Stripe error a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was not refused.');
}
