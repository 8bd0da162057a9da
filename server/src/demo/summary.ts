import { formatMoney } from '../kit/money.ts';
import { isoSeconds } from '../kit/time.ts';
import type { Api } from './api.ts';

export type Summary = {
  from: string;
  to: string;
  customers: number;
  /** Subscriptions by status. */
  subscriptions: Record<string, number>;
  /** Mails sent, by trigger. */
  mails: Record<string, number>;
  /** Messages that were not sent, by status. */
  mailsNotSent: Record<string, number>;
  invoices: { all: number; paid: number; withoutCharge: number; open: number };
  /** Minor units of `currency`. */
  revenue: { currency: string; collected: bigint; returned: bigint };
  /** Invoices that were declined at least once, and those of them that were paid in the end. */
  payments: { declined: number; recovered: number };
  refunds: number;
};

type Wire = {
  customer: { id: string };
  subscription: { status: string };
  message: { trigger: string; status: string };
  invoice: { status: string; payment_status: string; total_amount: number; paid_amount: number; returned_amount: number; currency: string };
  payment: { status: string; attempt_count: number };
  refund: { status: string };
};

const SENT = new Set(['sent', 'delivered']);

/** Counts what the API shows of the environment. */
export async function summarize(api: Api, a: { from: Temporal.Instant; to: Temporal.Instant }): Promise<Summary> {
  const invoices = await api.list<Wire['invoice']>('/v1/invoices');
  const messages = await api.list<Wire['message']>('/v1/emails/messages');
  const payments = await api.list<Wire['payment']>('/v1/payments');
  const declined = payments.filter((payment) => payment.attempt_count > 1 || payment.status === 'failed');
  return {
    from: isoSeconds(a.from),
    to: isoSeconds(a.to),
    customers: (await api.list<Wire['customer']>('/v1/customers')).length,
    subscriptions: countBy(await api.list<Wire['subscription']>('/v1/subscriptions'), ({ status }) => status),
    mails: countBy(
      messages.filter(({ status }) => SENT.has(status)),
      ({ trigger }) => trigger,
    ),
    mailsNotSent: countBy(
      messages.filter(({ status }) => !SENT.has(status)),
      ({ status }) => status,
    ),
    invoices: {
      all: invoices.length,
      paid: invoices.filter((invoice) => invoice.payment_status === 'succeeded' && invoice.paid_amount > 0).length,
      withoutCharge: invoices.filter((invoice) => invoice.payment_status === 'succeeded' && invoice.paid_amount === 0).length,
      open: invoices.filter((invoice) => invoice.payment_status !== 'succeeded').length,
    },
    revenue: {
      currency: invoices[0]?.currency ?? 'usd',
      collected: sum(invoices.map(({ paid_amount }) => paid_amount)),
      returned: sum(invoices.map(({ returned_amount }) => returned_amount)),
    },
    payments: { declined: declined.length, recovered: declined.filter(({ status }) => status === 'succeeded').length },
    refunds: (await api.list<Wire['refund']>('/v1/refunds?status=succeeded')).length,
  };
}

/** The summary for a person at a terminal. */
export function formatSummary(s: Summary): string {
  const { collected, returned, currency } = s.revenue;
  const money = (amount: bigint) => formatMoney({ amount, currency }, 'en-US');
  const lines = [
    `Fjord Analytics, ${s.from.slice(0, 10)} to ${s.to.slice(0, 10)}`,
    '',
    row('Customers', `${s.customers}`),
    row('Subscriptions', listed(s.subscriptions)),
    row('Invoices', `${s.invoices.all}: ${s.invoices.paid} paid, ${s.invoices.withoutCharge} without a charge, ${s.invoices.open} open`),
    row('Revenue', `${money(collected)}, of which ${money(returned)} went back in ${s.refunds} refund${s.refunds === 1 ? '' : 's'}`),
    row('Payments', `${s.payments.declined} declined, ${s.payments.recovered} of them recovered`),
    row('Mails sent', `${total(s.mails)}`),
    ...Object.entries(s.mails)
      .sort()
      .map(([trigger, count]) => row(`  ${trigger}`, `${count}`)),
    ...(total(s.mailsNotSent) > 0 ? [row('Mails not sent', listed(s.mailsNotSent))] : []),
  ];
  return lines.join('\n');
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(26)}${value}`;
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .sort()
    .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`)
    .join(', ');
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function countBy<T>(items: T[], nameOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

function sum(amounts: number[]): bigint {
  return amounts.reduce((all, amount) => all + BigInt(amount), 0n);
}
