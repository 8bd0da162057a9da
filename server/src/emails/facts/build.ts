/** Rows → facts, each with its source (F2). Pure: what cannot be read here is not a fact. */
import { mulDecimal, roundHalfAwayFromZero } from '../../kit/decimal.ts';
import type { ItemRow, Records } from '../queries/records.ts';
import type { DateValue, FactRow, FactSource, FactType, FactValue, MoneyValue, RawFact, TriggerSpec } from './fact.ts';

export type BrandFact = { id: string; key: string; value: string; readAt: Temporal.Instant };

export type FactMaterial = {
  records: Records;
  variant: string;
  witnessEventId: string | null;
  brand: BrandFact[];
  product: { id: string; name: string; readAt: Temporal.Instant } | null;
  nextInvoice: { amount: bigint; currency: string; estimated: boolean } | null;
  openBalance: bigint | null;
  links: { pay: string | null; receipt: string | null };
  messageId: string;
  timeZone: string;
  now: Temporal.Instant;
};

type Found = { value: FactValue | null | undefined; object?: string; id: string; readAt?: Temporal.Instant };
type Reader = (m: FactMaterial) => Found;

/** The facts of a trigger that exist now. Absent ones are simply not there. */
export function buildFacts(spec: TriggerSpec, m: FactMaterial): RawFact[] {
  const facts: RawFact[] = [];
  for (const [path, field] of Object.entries(spec.facts)) {
    const found = Object.hasOwn(READERS, path) ? READERS[path]!(m) : null;
    if (found?.value === null || found?.value === undefined || found.value === '') continue;
    facts.push({ path, type: field.type, value: found.value, source: sourceOf(m, found, { object: field.object, field: field.field }) });
  }
  return facts;
}

function sourceOf(m: FactMaterial, found: Found, at: { object: string; field: string }): FactSource {
  const event = m.witnessEventId === null ? {} : { event_id: m.witnessEventId };
  return {
    object: found.object ?? at.object,
    id: found.id,
    field: at.field,
    ...event,
    read_at: (found.readAt ?? m.records.readAt).toString(),
  };
}

const READERS: Record<string, Reader> = {
  'customer.name': (m) => ({ value: m.records.customer?.name, id: m.records.customer?.id ?? '' }),
  'customer.email': (m) => ({ value: m.records.customer?.email, id: m.records.customer?.id ?? '' }),
  'brand.name': (m) => brand(m, 'brand.name'),
  'brand.support_email': (m) => brand(m, 'brand.support_email'),
  'brand.postal_address': (m) => brand(m, 'brand.postal_address'),
  'product.name': (m) => ({ value: m.product?.name, id: m.product?.id ?? '', ...(m.product ? { readAt: m.product.readAt } : {}) }),
  'plan.interval': (m) => ({ value: intervalOf(baseItem(m)), id: baseItem(m)?.id ?? '' }),
  'price.amount': (m) => ({ value: priceOf(m), id: baseItem(m)?.id ?? '' }),
  'subscription.started_at': (m) => date(m, m.records.subscription?.start_at, m.records.subscription?.id),
  'subscription.renews_at': (m) =>
    date(m, m.records.subscription?.cancel_at ? null : m.records.subscription?.period_end, m.records.subscription?.id),
  'subscription.ended_at': (m) => date(m, m.records.subscription?.ended_at, m.records.subscription?.id),
  'subscription.open_balance': (m) => ({ value: openBalanceOf(m), id: m.records.subscription?.id ?? '', object: 'subscription' }),
  'trial.end': (m) =>
    date(m, m.records.subscription?.status === 'in_trial' ? m.records.subscription.trial_end : null, m.records.subscription?.id),
  'trial.days_left': (m) => ({ value: daysLeft(m), id: m.records.subscription?.id ?? '' }),
  'next_invoice.amount': (m) => ({
    value: m.nextInvoice && { amount: m.nextInvoice.amount, currency: m.nextInvoice.currency },
    id: m.records.subscription?.stripe_id ?? '',
  }),
  'next_invoice.estimated': (m) => ({ value: m.nextInvoice?.estimated ? 'estimated' : null, id: m.records.subscription?.stripe_id ?? '' }),
  'invoice.number': (m) => invoice(m, (i) => i.number),
  'invoice.total': (m) => invoice(m, (i) => ({ amount: i.total_amount, currency: i.currency })),
  'invoice.remaining_amount': (m) => invoice(m, (i) => ({ amount: i.remaining_amount, currency: i.currency })),
  'invoice.paid_amount': (m) => invoice(m, (i) => ({ amount: i.paid_amount, currency: i.currency })),
  'invoice.paid_at': (m) => date(m, m.records.invoice?.paid_at, m.records.invoice?.id),
  'invoice.lines': (m) => ({ value: linesOf(m), id: m.records.invoice?.id ?? '', object: 'invoice' }),
  'payment.amount': (m) => ({
    value: paymentAmount(m),
    id: m.records.payment?.id ?? m.records.refund?.id ?? '',
    ...(m.records.payment ? {} : { object: 'refund' }),
  }),
  'payment.date': (m) => date(m, m.records.payment?.succeeded_at, m.records.payment?.id),
  'payment.description': (m) => ({ value: m.records.payment?.description, id: m.records.payment?.id ?? '' }),
  'payment.attempt_count': (m) => invoice(m, (i) => i.attempt_count),
  'payment.decline_reason': (m) => ({ value: m.records.payment?.decline_code, id: m.records.payment?.id ?? '' }),
  'payment.next_attempt': (m) => date(m, m.records.invoice?.next_attempt_at, m.records.invoice?.id),
  'payment_method.brand': (m) => ({ value: titleCase(card(m)?.brand), id: card(m)?.stripe_id ?? '' }),
  'payment_method.last4': (m) => ({ value: card(m)?.last4, id: card(m)?.stripe_id ?? '' }),
  'refund.amount': (m) => ({
    value: m.records.refund && { amount: m.records.refund.amount, currency: m.records.refund.currency },
    id: m.records.refund?.id ?? '',
  }),
  'refund.date': (m) => date(m, m.records.refund?.created_at, m.records.refund?.id),
  'refund.kind': (m) => ({ value: refundKind(m), id: m.records.refund?.id ?? '' }),
  'refund.method': (m) => ({ value: m.records.refund?.method, id: m.records.refund?.id ?? '' }),
  'links.pay': (m) => ({ value: m.links.pay, id: m.messageId, object: 'message' }),
  'links.receipt': (m) => ({ value: m.links.receipt, id: m.messageId, object: 'message' }),
};

function brand(m: FactMaterial, key: string): Found {
  const fact = m.brand.find((row) => row.key === key);
  return { value: fact?.value, id: fact?.id ?? '', ...(fact ? { readAt: fact.readAt } : {}) };
}

function date(m: FactMaterial, at: Temporal.Instant | null | undefined, id: string | undefined): Found {
  const value: DateValue | null = at ? { at, timeZone: m.timeZone } : null;
  return { value, id: id ?? '' };
}

function invoice(m: FactMaterial, read: (row: NonNullable<Records['invoice']>) => FactValue | null): Found {
  return { value: m.records.invoice ? read(m.records.invoice) : null, id: m.records.invoice?.id ?? '' };
}

const baseItem = (m: FactMaterial): ItemRow | undefined => m.records.items.find((item) => item.kind === 'base') ?? m.records.items[0];

function intervalOf(item: ItemRow | undefined): string | null {
  return item?.interval ? `${item.interval}:${item.interval_count ?? 1}` : null;
}

/** The price of a period: only where every item has a plain unit price. */
function priceOf(m: FactMaterial): MoneyValue | null {
  const currency = m.records.subscription?.currency;
  if (!currency || m.records.items.length === 0) return null;
  let amount = 0n;
  for (const item of m.records.items) {
    if (item.metered || item.unit_amount_decimal === null) return null;
    amount += roundHalfAwayFromZero(mulDecimal(item.unit_amount_decimal, item.quantity));
  }
  return { amount, currency };
}

function openBalanceOf(m: FactMaterial): MoneyValue | null {
  const currency = m.records.subscription?.currency;
  return currency && m.openBalance !== null && m.openBalance > 0n ? { amount: m.openBalance, currency } : null;
}

function daysLeft(m: FactMaterial): number | null {
  const end = m.records.subscription?.trial_end;
  if (!end) return null;
  return Math.max(0, Math.round((end.epochMilliseconds - m.now.epochMilliseconds) / (24 * 3600 * 1000)));
}

function linesOf(m: FactMaterial): FactRow[] | null {
  const currency = m.records.invoice?.currency;
  if (!currency) return null;
  return m.records.lines.map((line) => {
    const cell = (name: string, type: FactType, value: FactValue, field: string): RawFact => ({
      path: `invoice.lines.${name}`,
      type,
      value,
      source: { object: 'invoice_line', id: line.id, field, read_at: m.records.readAt.toString() },
    });
    return {
      description: cell('description', 'string', line.description ?? m.product?.name ?? line.kind, 'description'),
      quantity: cell('quantity', 'integer', wholeNumber(line.quantity), 'quantity'),
      amount: cell('amount', 'money', { amount: line.amount, currency }, 'amount'),
    };
  });
}

const wholeNumber = (quantity: string | null) => (quantity !== null && /^\d+(\.0+)?$/.test(quantity) ? Number.parseInt(quantity, 10) : 1);

function paymentAmount(m: FactMaterial): MoneyValue | null {
  const { refund, payment } = m.records;
  if (refund?.payment_amount) return { amount: refund.payment_amount, currency: refund.currency };
  return payment && { amount: payment.amount, currency: payment.currency };
}

function refundKind(m: FactMaterial): string | null {
  const amount = paymentAmount(m)?.amount;
  if (!m.records.refund || amount === undefined) return null;
  return m.records.refund.amount >= amount ? 'full' : 'partial';
}

type Card = { stripe_id: string; brand: string | null; last4: string | null };

/** The method that paid or was tried, else the customer's default. */
function card(m: FactMaterial): Card | null {
  return (m.records.payment?.payment_method ?? m.records.customer?.payment_method ?? null) as Card | null;
}

const titleCase = (text: string | null | undefined) => (text ? text.charAt(0).toUpperCase() + text.slice(1) : null);
