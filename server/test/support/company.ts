/** A small company for the tests of this room: rooms, Mailbox and transports as in production; Stripe's side is told by the test. */

import { type CustomerReport, room as customers } from '../../src/customers/index.ts';
import { startMailbox } from '../../src/doors/mailbox/index.ts';
import { partsOfMail } from '../../src/emails/mailbox/mails.ts';
import { prepareMessages } from '../../src/emails/messages/prepare.ts';
import { endHolds, type MessageRow, releaseSettled } from '../../src/emails/messages/settle.ts';
import { room, stopEmails } from '../../src/emails/room.ts';
import { type StripeMirror, StripeMirrorPort } from '../../src/emails/stripe-mirror.ts';
import { type InvoiceInput, room as invoices } from '../../src/invoices/index.ts';
import type { Ctx, Mode } from '../../src/kit/context.ts';
import { transaction } from '../../src/kit/database.ts';
import { announce } from '../../src/kit/events.ts';
import { type InvoicePaymentInput, room as payments, type RefundStatus } from '../../src/payments/index.ts';
import { room as mail } from '../../src/providers/mail/index.ts';
import { type SubscriptionInput, room as subscriptions } from '../../src/subscriptions/index.ts';
import { storyVerbs } from './company-verbs.ts';
import { type Kit, type KitInput, startKit } from './kit.ts';

export const at = (text: string) => Temporal.Instant.from(text);

export type Company = {
  kit: Kit;
  environmentId: string;
  ctx(): Promise<Ctx>;
  /** What the Stripe mirror answers; tests change it. */
  stripe: {
    productName: string | null;
    nextInvoice: { amount: bigint; currency: string; at: Temporal.Instant; estimated: boolean } | null;
    invoiceUrl: string | null;
    unreachable: boolean;
  };
  customer(a?: Partial<CustomerReport> & { silent?: boolean }): Promise<string>;
  subscription(customerId: string, a?: Partial<SubscriptionInput>): Promise<string>;
  invoice(customerId: string, subscriptionId: string | null, a?: Partial<InvoiceInput>): Promise<string>;
  pay(invoiceId: string, a?: Partial<InvoicePaymentInput>): Promise<void>;
  payment(
    customerId: string,
    a?: { amount?: bigint; description?: string | null; status?: 'succeeded' | 'pending'; stripeId?: string; silent?: boolean },
  ): Promise<void>;
  refund(a: {
    stripeId: string;
    paymentIntent: string;
    amount: bigint;
    status: RefundStatus;
    customerId: string;
    silent?: boolean;
  }): Promise<void>;
  /** Works until nothing is left, ends the holds, and works again: what an instant of simulated time does. */
  settle(): Promise<void>;
  /** Moves the clock through every timer on the way. */
  advance(to: string): Promise<void>;
  messages(): Promise<
    {
      id: string;
      trigger: string;
      variant: string;
      status: string;
      reason: string | null;
      subject: string | null;
      created_at: Temporal.Instant;
      occurrence: string;
    }[]
  >;
  mails(): Promise<{ subject: string | null; trigger: string | null; to: string[]; text: string; html: string; raw: string }[]>;
  /** Brings the planned messages to `ready` without sending them. */
  makeReady(): Promise<void>;
  /** Every message as it is stored, in order. */
  rows(): Promise<MessageRow[]>;
  /** `trigger status reason` of every message, in order. */
  told(): Promise<string[]>;
  /** Occurrences that no mail came of. */
  off(): Promise<string[]>;
};

export type House = { kit: Kit; company(a?: { now?: string; mode?: Mode }): Promise<Company>; close(): Promise<void> };

/** One process for the stories of a file; each story has a company (an environment) of its own. */
export async function openHouse(a: KitInput = {}): Promise<House> {
  const kit = await startKit({ ...a, rooms: [customers, subscriptions, invoices, payments, room, mail] });
  const mailbox = await startMailbox(kit.app, { host: '127.0.0.1', port: 0 });
  return {
    kit,
    company: (b = {}) => openCompany(kit, b),
    close: async () => {
      await kit.app.queues.stop();
      await stopEmails(kit.app);
      await mailbox.close();
      await kit.close();
    },
  };
}

async function openCompany(kit: Kit, a: { now?: string; mode?: Mode }): Promise<Company> {
  const mode = a.mode ?? 'sandbox';
  const environmentId = await kit.addEnvironment({ mode, now: mode === 'sandbox' ? (a.now ?? '2026-01-01T09:00:00Z') : null });
  const ctx = () => kit.ctx(environmentId);
  const stripe: Company['stripe'] = {
    productName: 'Acme Pro',
    nextInvoice: null,
    invoiceUrl: 'https://invoice.stripe.test/i/1',
    unreachable: false,
  };
  kit.app.ports.bind(StripeMirrorPort, mirrorOf(stripe));
  await transaction(await ctx(), (tx) =>
    announce(tx, {
      type: 'environment.created',
      objectType: 'environment',
      objectId: environmentId,
      data: {},
      dedupeKey: `environment.created:${environmentId}`,
    }),
  );
  const settle = async () => {
    for (;;) {
      await kit.app.queues.drainAll(environmentId);
      if ((await endHolds(kit.app, { environmentId, instant: (await ctx()).clock.now() })) === 0) return;
    }
  };
  return {
    kit,
    environmentId,
    ctx,
    stripe,
    ...storyVerbs(ctx),
    settle,
    makeReady: async () => {
      await kit.app.queues
        .all()
        .find((queue) => queue.name === 'emails.occurrences')!
        .drain(kit.app, { environmentId });
      const c = await ctx();
      await endHolds(kit.app, { environmentId, instant: c.clock.now() });
      await prepareMessages(c, await releaseSettled(c, { limit: 100 }));
    },
    rows: async () =>
      kit.app.db.selectFrom('email_messages').selectAll().where('environment_id', '=', environmentId).orderBy('id').execute(),
    advance: (to) => advance({ kit, environmentId, settle, to }),
    messages: async () =>
      kit.app.db
        .selectFrom('email_messages')
        .select(['id', 'trigger', 'variant', 'status', 'reason', 'subject', 'created_at', 'occurrence'])
        .where('environment_id', '=', environmentId)
        .orderBy('id')
        .execute(),
    mails: async () => {
      const rows = await kit.app.db
        .selectFrom('captured_mails')
        .selectAll()
        .where('environment_id', '=', environmentId)
        .orderBy('id')
        .execute();
      return Promise.all(
        rows.map(async (row) => {
          const { html, text } = await partsOfMail(row);
          return { subject: row.subject, trigger: row.trigger, to: row.to_addresses, raw: row.raw, html: html ?? '', text: text ?? '' };
        }),
      );
    },
    told: async () => {
      const rows = await kit.app.db
        .selectFrom('email_messages')
        .select(['trigger', 'status', 'reason'])
        .where('environment_id', '=', environmentId)
        .orderBy('id')
        .execute();
      return rows.map((row) => `${row.trigger} ${row.status}${row.reason ? ` ${row.reason}` : ''}`);
    },
    off: async () => {
      const rows = await kit.app.db
        .selectFrom('email_occurrences')
        .select(['trigger', 'reason'])
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'off')
        .orderBy('id')
        .execute();
      return rows.map((row) => `${row.trigger} ${row.reason}`);
    },
  };
}

async function advance(a: { kit: Kit; environmentId: string; settle: () => Promise<void>; to: string }): Promise<void> {
  const target = at(a.to);
  await a.settle();
  for (;;) {
    const row = await a.kit.app.db
      .selectFrom('timers')
      .select((eb) => eb.fn.min('due_at').as('due'))
      .where('environment_id', '=', a.environmentId)
      .where('status', '=', 'armed')
      .executeTakeFirst();
    const due = row?.due ?? null;
    if (due === null || Temporal.Instant.compare(due, target) > 0) break;
    await a.kit.setClock(due.toString(), a.environmentId);
    await a.settle();
  }
  await a.kit.setClock(a.to, a.environmentId);
  await a.settle();
}

function mirrorOf(stripe: Company['stripe']): StripeMirror {
  return {
    catalog: async () => [],
    product: async (ctx, id) => (stripe.productName === null ? null : { id, name: stripe.productName, readAt: ctx.machineClock.now() }),
    price: async (ctx, id) => ({ id, nickname: null, readAt: ctx.machineClock.now() }),
    invoiceUrl: async () => stripe.invoiceUrl,
    nextInvoice: async () => stripe.nextInvoice,
    refresh: async () => {
      if (stripe.unreachable) throw new Error('Stripe cannot be reached');
    },
    deepLink: async () => null,
  };
}

/** The fields of a paid invoice. */
export const paidInvoice = (now: string): Partial<InvoiceInput> => ({
  stripeStatus: 'paid',
  paidAt: at(now),
  paidAmount: 4900n,
  remainingAmount: 0n,
});
