/** A card of the older Sources API: a payment method whose id begins with `card_`, shown in the older shape. */
import { resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

const PREFIX = 'card_';
/** The older API spells brands out. */
const BRANDS: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'MasterCard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

export function brandName(brand: string): string {
  return BRANDS[brand] ?? 'Unknown';
}

export function isCardSource(id: unknown): id is string {
  return typeof id === 'string' && id.startsWith(PREFIX);
}

/** The payment method as a `card`. What the older object has no field for is not shown. */
export function cardView(method: Doc): Doc {
  const { card, billing_details: billing } = method;
  const address = billing.address ?? {};
  const view = {
    id: method.id,
    object: 'card',
    address_city: address.city ?? null,
    address_country: address.country ?? null,
    address_line1: address.line1 ?? null,
    address_line1_check: address.line1 == null ? null : 'pass',
    address_line2: address.line2 ?? null,
    address_state: address.state ?? null,
    address_zip: address.postal_code ?? null,
    address_zip_check: address.postal_code == null ? null : 'pass',
    allow_redisplay: method.allow_redisplay,
    brand: brandName(card.brand),
    country: card.country,
    customer: method.customer,
    cvc_check: card.checks.cvc_check,
    dynamic_last4: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.last4,
    metadata: method.metadata,
    name: billing.name,
    networks: { preferred: card.networks?.preferred ?? null },
    regulated_status: card.regulated_status ?? null,
    tokenization_method: null,
    _clock: method._clock ?? null,
  };
  // A card has no time of its own.
  return view as unknown as Doc;
}

/** The customer's sources, newest first. */
export async function sourcesOf(tx: Tx, customer: Doc): Promise<Doc[]> {
  return tx.query({ object: 'payment_method', where: { customer: customer.id }, filter: (method) => isCardSource(method.id) });
}

/** One source of the customer. Refuses with 404, or 400 when `param` names a body parameter. */
export async function requireSource(tx: Tx, input: { customer: Doc; id: string; param?: string }): Promise<Doc> {
  const found = isCardSource(input.id) ? await tx.get(input.id, { object: 'payment_method' }) : undefined;
  if (found !== undefined && found.customer === input.customer.id) return found;
  throw resourceMissing('source', input.id, input.param === undefined ? {} : { param: input.param });
}
