/** What must be true of any account after any life; each broken rule is one readable line. */
import type { Doc } from '../../src/kernel/types.ts';
import type { Dump } from '../../src/store/port.ts';

/** Every broken rule of the account's rows. */
export function brokenRules(dump: Dump): string[] {
  const docs = new Map(dump.objects.map((row) => [row.id, row.doc]));
  const of = (object: string) => dump.objects.filter((row) => row.object === object).map((row) => row.doc);
  return [
    ...events(dump, docs),
    ...of('invoice').flatMap((invoice) => sums(invoice)),
    ...of('invoice').flatMap((invoice) => payments(invoice, of('invoice_payment'))),
    ...of('charge').flatMap((charge) => refunds(charge, of('refund'))),
    ...of('subscription').flatMap(periods),
    ...of('customer').flatMap((customer) => balance(customer, of('customer_balance_transaction'))),
    ...timers(dump, docs),
  ];
}

/** An event is about an object that exists, and of one clock none is older than the one before it. */
function events(dump: Dump, docs: Map<string, Doc>): string[] {
  const broken: string[] = [];
  const latest = new Map<string | null, number>();
  for (const event of [...dump.events].sort((a, b) => a.seq - b.seq)) {
    if (event.objectId !== null && !docs.has(event.objectId))
      broken.push(`${event.type} ${event.id} is about ${event.objectId}, which is missing`);
    if (event.created < (latest.get(event.clock) ?? 0)) broken.push(`${event.type} ${event.id} goes back in time`);
    latest.set(event.clock, event.created);
  }
  return broken;
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

function sums(invoice: Doc): string[] {
  const lines: Doc[] = invoice.lines.data;
  const discounts = total((invoice.total_discount_amounts ?? []).map(({ amount }: { amount: number }) => amount));
  const added = total(
    (invoice.total_taxes ?? []).filter((tax: Doc) => tax.tax_behavior === 'exclusive').map(({ amount }: { amount: number }) => amount),
  );
  const rules: [string, boolean][] = [
    ['subtotal is the sum of its lines', invoice.subtotal === total(lines.map(({ amount }) => amount))],
    ['total is subtotal less discounts plus taxes', invoice.total === invoice.subtotal - discounts + added],
    ['amount_due is not negative', invoice.amount_due >= 0],
    ['amount_remaining is not negative', invoice.amount_remaining >= 0],
    [
      'amount_paid and amount_remaining make up amount_due',
      !settles(invoice) || invoice.amount_paid + invoice.amount_remaining === invoice.amount_due,
    ],
    ['a paid invoice has nothing remaining', invoice.status !== 'paid' || invoice.amount_remaining === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${invoice.id} (${invoice.status}): ${rule}`);
}

/** Credit notes before the payment reduce what remains, not what was due. */
function settles(invoice: Doc): boolean {
  return ['open', 'paid'].includes(invoice.status) && (invoice.pre_payment_credit_notes_amount ?? 0) === 0;
}

/** Money on an invoice came by invoice payments, and at most one of them is open. */
function payments(invoice: Doc, all: Doc[]): string[] {
  const own = all.filter((payment) => payment.invoice === invoice.id);
  const paid = total(own.filter(({ status }) => status === 'paid').map(({ amount_paid }) => amount_paid));
  const broken: string[] = [];
  if (paid !== invoice.amount_paid && invoice._paid_out_of_band !== true)
    broken.push(`${invoice.id}: ${invoice.amount_paid} paid, but its payments add up to ${paid}`);
  if (own.filter(({ status }) => status === 'open').length > 1) broken.push(`${invoice.id}: two open payments`);
  return broken;
}

function refunds(charge: Doc, all: Doc[]): string[] {
  const given = total(
    all.filter((refund) => refund.charge === charge.id && !['failed', 'canceled'].includes(refund.status)).map(({ amount }) => amount),
  );
  const broken: string[] = [];
  if (given !== charge.amount_refunded) broken.push(`${charge.id}: ${charge.amount_refunded} refunded, but its refunds add up to ${given}`);
  if (charge.amount_refunded > charge.amount) broken.push(`${charge.id}: more refunded than charged`);
  if (charge.refunded !== (charge.amount_refunded === charge.amount)) broken.push(`${charge.id}: refunded is ${charge.refunded}`);
  return broken;
}

function periods(subscription: Doc): string[] {
  const broken: string[] = [];
  for (const item of subscription.items.data as Doc[])
    if (item.current_period_start >= item.current_period_end && subscription.status !== 'canceled')
      broken.push(`${item.id}: an empty period`);
  const ended = ['canceled', 'incomplete_expired'].includes(subscription.status);
  if (ended !== (subscription.ended_at !== null))
    broken.push(`${subscription.id} (${subscription.status}): ended_at is ${subscription.ended_at}`);
  return broken;
}

/** The customer's balance is what its transactions left. */
function balance(customer: Doc, all: Doc[]): string[] {
  const own = all.filter((transaction) => transaction.customer === customer.id);
  const left = total(own.map(({ amount }) => amount));
  return customer.balance === left ? [] : [`${customer.id}: balance ${customer.balance}, transactions ${left}`];
}

/** A timer is about something that exists and lies in the future of its clock. */
function timers(dump: Dump, docs: Map<string, Doc>): string[] {
  const [account] = dump.accounts;
  return dump.timers.flatMap((timer) => {
    const clock = docs.get(timer.clock ?? account?.clockId ?? '');
    const broken: string[] = [];
    if (!docs.has(timer.ref)) broken.push(`timer ${timer.kind} is about ${timer.ref}, which is missing`);
    if (clock !== undefined && timer.dueAt <= clock.frozen_time)
      broken.push(`timer ${timer.kind} of ${timer.ref} was due at ${timer.dueAt}`);
    return broken;
  });
}
