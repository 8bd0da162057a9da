/** Plays a recorded conversation with the real Stripe again, in front of the Sandbox. Ids differ, so each recorded id is matched with one of ours. */
import type { Sandbox } from '../../src/index.ts';

type Plain = Record<string, unknown>;
export type Recording = {
  cassette: string;
  seq: number;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query: Record<string, string> | null;
  form: [string, string][] | null;
  stripe_version: string;
  stripe_account: string | null;
  status: number;
  response: Plain;
};
export type Played = { recording: Recording; status: number; body: Plain };

const ID = /^(?:cus|pm|pi|in|ch|sub|si|seti|cs|re|acct|py|price)_[A-Za-z0-9]{8,}$/;
/** Shared tokens look like ids of payment methods and are not. */
const TOKEN = /^pm_card_/;

/** What the conversation takes for granted: these prices exist in the recorded account. */
export const PRICES: Record<string, { unit_amount: number; interval: 'month' | 'year' }> = {
  default: { unit_amount: 1000, interval: 'month' },
  'small-monthly': { unit_amount: 1000, interval: 'month' },
  'small-annual': { unit_amount: 10_000, interval: 'year' },
};

/** Plays one conversation in an account of its own; what it refers to and does not create is stood in for. */
export async function play(sandbox: Sandbox, recordings: Recording[]): Promise<Played[]> {
  const { account, secretKey } = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: Date.UTC(2026, 0, 1) / 1000 } });
  const player = new Player(sandbox, { account, secretKey });
  await player.prepare();
  const played: Played[] = [];
  for (const recording of recordings) played.push(await player.play(recording));
  return played;
}

class Player {
  readonly #sandbox: Sandbox;
  readonly #own: { account: string; secretKey: string };
  readonly #ours = new Map<string, string>();

  constructor(sandbox: Sandbox, own: { account: string; secretKey: string }) {
    this.#sandbox = sandbox;
    this.#own = own;
  }

  async prepare(): Promise<void> {
    for (const [id, { unit_amount, interval }] of Object.entries(PRICES)) {
      const form = { currency: 'usd', unit_amount: String(unit_amount), 'recurring[interval]': interval, 'product_data[name]': id };
      const price = await this.#send('POST', '/v1/prices', form);
      await this.#sandbox.control.seed({ account: this.#own.account, objects: [{ ...price.body, id } as never] });
    }
  }

  async play(recording: Recording): Promise<Played> {
    const path = await this.#translate(recording.path, recording);
    const form: Record<string, string> = {};
    for (const [name, value] of recording.form ?? []) {
      if (name.endsWith('[coupon]')) await this.#coupon(value);
      form[name] = await this.#translate(value, recording);
    }
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(recording.query ?? {})) query.append(name, await this.#translate(value, recording));
    const send = recording.status === 401 ? this.#sendAsStranger : this.#send;
    const { status, body } = await send.call(this, recording.method, recording.query === null ? path : `${path}?${query}`, form);
    if (status === 200) this.#match(recording.response, body);
    return { recording, status, body };
  }

  /** A merchant who has no such key. */
  #sendAsStranger(method: string, path: string, form: Record<string, string> = {}): Promise<{ status: number; body: Plain }> {
    return this.#send(method, path, form, 'sk_test_000000000000000000000000');
  }

  async #coupon(id: string): Promise<void> {
    await this.#send('POST', '/v1/coupons', { id, percent_off: '10', duration: 'once' });
  }

  async #send(
    method: string,
    path: string,
    form: Record<string, string> = {},
    key = this.#own.secretKey,
  ): Promise<{ status: number; body: Plain }> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' };
    const init = method === 'POST' ? { method, headers, body: new URLSearchParams(form).toString() } : { method, headers };
    const answer = await this.#sandbox.fetch(`https://api.stripe.com${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Plain };
  }

  /** Every recorded id in the text as ours; one that was never answered gets a stand-in, unless the recording says that it is missing. */
  async #translate(text: string, recording: Recording): Promise<string> {
    const parts = text.split('/');
    for (const [at, part] of parts.entries()) {
      if (!ID.test(part) || TOKEN.test(part)) continue;
      const missing = recording.status === 404 && recording.path.endsWith(part);
      parts[at] = this.#ours.get(part) ?? (missing ? part : await this.#standIn(part, recording));
    }
    return parts.join('/');
  }

  async #standIn(id: string, recording: Recording): Promise<string> {
    const kind = id.slice(0, id.indexOf('_'));
    const made = await this.#make(kind, recording);
    this.#ours.set(id, made);
    return made;
  }

  async #make(kind: string, recording: Recording): Promise<string> {
    switch (kind) {
      case 'acct':
        return this.#own.account;
      case 'cus':
        return this.#customer(recording);
      case 'price':
        return (await this.#send('POST', '/v1/prices', { currency: 'usd', unit_amount: '1000', 'product_data[name]': 'Once' })).body
          .id as string;
      case 'pm':
        return this.#attach(await this.#payer(recording), recording);
      case 'sub':
      case 'si': {
        const subscription = await this.#subscription(recording);
        const items = subscription.items as { data: { id: string }[] };
        for (const [name, value] of recording.form ?? []) if (name === 'items[0][id]') this.#ours.set(value, items.data[0]!.id);
        return kind === 'sub' ? (subscription.id as string) : items.data[0]!.id;
      }
      case 'in':
        return this.#invoice(recording);
      case 'pi':
      case 'ch': {
        const intent = await this.#intent(recording);
        return (kind === 'pi' ? intent.id : intent.latest_charge) as string;
      }
      default:
        throw new Error(`Nothing stands in for a ${kind} of ${recording.cassette}.`);
    }
  }

  /** The customer named by the request or by its answer, with one of ours behind it. */
  async #payer(recording: Recording): Promise<string> {
    const inPath = /^\/v1\/customers\/(\w+)/.exec(recording.path)?.[1];
    const inForm = (recording.form ?? []).find(([name]) => name === 'customer')?.[1];
    const named = inPath ?? inForm ?? (recording.response.customer as string | undefined);
    return typeof named === 'string' && ID.test(named) ? this.#translate(named, recording) : this.#make('cus', recording);
  }

  /** With a card, unless the answer is that there is none. */
  async #customer(recording: Recording): Promise<string> {
    const customer = (await this.#send('POST', '/v1/customers', { email: 'stripe@example.org', name: 'Stripe User' })).body.id as string;
    if (recording.status >= 400) return customer;
    const method = await this.#attach(customer, recording);
    await this.#send('POST', `/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': method });
    return customer;
  }

  async #attach(customer: string, recording: Recording): Promise<string> {
    const token = /SCA|action_required/.test(recording.cassette) ? 'pm_card_authenticationRequired' : 'pm_card_visa';
    return (await this.#send('POST', `/v1/payment_methods/${token}/attach`, { customer })).body.id as string;
  }

  async #cardHolder(recording: Recording): Promise<{ customer: string; method: string }> {
    const customer = await this.#payer(recording);
    const method = await this.#attach(customer, recording);
    await this.#send('POST', `/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': method });
    return { customer, method };
  }

  async #subscription(recording: Recording): Promise<Plain> {
    const { customer } = await this.#cardHolder(recording);
    return (await this.#send('POST', '/v1/subscriptions', { customer, 'items[0][price]': 'small-monthly' })).body;
  }

  async #invoice(recording: Recording): Promise<string> {
    const isManual = (recording.response.billing_reason ?? 'manual') === 'manual';
    if (!isManual) return (await this.#subscription(recording)).latest_invoice as string;
    const { customer } = await this.#cardHolder(recording);
    await this.#send('POST', '/v1/invoiceitems', { customer, amount: '1000', currency: 'usd', description: 'One-time' });
    const invoice = await this.#send('POST', '/v1/invoices', { customer, pending_invoice_items_behavior: 'include' });
    // Answers about money that came in, and credit notes, are about an invoice that was paid.
    const paid = recording.response.status === 'paid' && !recording.path.endsWith('/pay');
    if (paid || recording.path === '/v1/credit_notes') await this.#send('POST', `/v1/invoices/${invoice.body.id}/pay`);
    return invoice.body.id as string;
  }

  async #intent(recording: Recording): Promise<Plain> {
    const { customer, method } = await this.#cardHolder(recording);
    const amount = String(Math.max(2900, Number(recording.response.amount ?? 0)));
    const manual: Record<string, string> = recording.path.endsWith('/capture') ? { capture_method: 'manual' } : {};
    const form = {
      amount,
      currency: 'usd',
      customer,
      payment_method: method,
      confirm: 'true',
      return_url: 'http://localhost:3000/',
      ...manual,
    };
    return (await this.#send('POST', '/v1/payment_intents', form)).body;
  }

  /** Ids at the same place mean the same thing. */
  #match(theirs: unknown, ours: unknown): void {
    if (typeof theirs === 'string' && typeof ours === 'string' && ID.test(theirs)) this.#ours.set(theirs, ours);
    if (typeof theirs !== 'object' || typeof ours !== 'object' || theirs === null || ours === null) return;
    for (const [name, value] of Object.entries(theirs)) this.#match(value, (ours as Plain)[name]);
  }
}
