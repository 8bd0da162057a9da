import { createHash } from 'node:crypto';
import { room as accounts, reachInstant } from '../../server/src/accounts/index.ts';
import { readConfig } from '../../server/src/config.ts';
import { room as customers, recordCustomer } from '../../server/src/customers/index.ts';
import { room as emails, MailboxAddressPort, StripeMirrorPort, stopEmails } from '../../server/src/emails/index.ts';
import { room as invoices } from '../../server/src/invoices/index.ts';
import { createApp } from '../../server/src/kit/app.ts';
import { type App, contextFor } from '../../server/src/kit/context.ts';
import { transaction } from '../../server/src/kit/database.ts';
import type { Database } from '../../server/src/kit/engine.ts';
import { announce } from '../../server/src/kit/events.ts';
import { silentLog } from '../../server/src/kit/log.ts';
import { migrate, readMigrations } from '../../server/src/kit/migrations.ts';
import { openRooms } from '../../server/src/kit/room.ts';
import { room as payments, recordPaymentIntent } from '../../server/src/payments/index.ts';
import { room as mail } from '../../server/src/providers/mail/index.ts';
import { room as subscriptions } from '../../server/src/subscriptions/index.ts';

const CONNECTION = 'connection_bench';
const START = '2026-01-01T09:00:00Z';
const CARD = { stripeId: 'pm_1', type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, funding: 'credit' };

export type MailWorld = {
  app: App;
  environmentId: string;
  /** Records `count` payments of as many new customers: each owes one receipt. */
  owe(count: number): Promise<void>;
  /** Sends everything that is owed: routing, facts, guards, render, audit, SMTP, record. */
  send(): Promise<void>;
  sent(): Promise<number>;
  close(): Promise<void>;
};

/** The rooms of the mail path on a migrated database, whose mail leaves by SMTP to the given port; Stripe's side is a constant. */
export async function openMailWorld(a: { database: Database; smtpPort: number }): Promise<MailWorld> {
  await migrate(a.database.pool, await readMigrations());
  const config = { ...readConfig({ env: {} }), logLevel: 'silent' as const, publicUrl: 'http://127.0.0.1:4242' };
  const masterKey = createHash('sha256').update('bench').digest();
  const app = createApp({ config, database: a.database, masterKey, log: silentLog() });
  await openRooms(app, [accounts, customers, subscriptions, invoices, payments, emails, mail]);
  app.ports.bind(MailboxAddressPort, { host: '127.0.0.1', port: a.smtpPort });
  bindMirror(app);
  await app.jobs.start();
  const environmentId = await addEnvironment(app);
  const context = () => contextFor(app, { environmentId, actor: 'system' });
  let made = 0;
  return {
    app,
    environmentId,
    owe: async (count) => {
      const ctx = await context();
      for (let n = 0; n < count; n++) await oweReceipt(ctx, ++made);
    },
    send: async () => {
      await reachInstant(app, environmentId, (await context()).clock.now());
    },
    sent: async () => {
      const row = await app.db
        .selectFrom('email_messages')
        .select((eb) => eb.fn.countAll<bigint>().as('count'))
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'sent')
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    close: async () => {
      await app.queues.stop();
      await stopEmails(app);
      await app.jobs.stop();
      await a.database.close();
    },
  };
}

async function oweReceipt(ctx: Awaited<ReturnType<typeof contextFor>>, n: number): Promise<void> {
  const witness = { cause: null, witnessAt: null, silent: false };
  const now = ctx.clock.now();
  const { row } = await recordCustomer(ctx, {
    ...witness,
    deleted: false,
    connectionId: CONNECTION,
    stripeId: `cus_${n}`,
    name: `Customer ${n}`,
    email: `customer${n}@example.org`,
    phone: null,
    locale: null,
    timeZone: null,
    billingAddress: null,
    currency: 'usd',
    balanceAmount: 0n,
    taxExempt: 'none',
    metadata: {},
    paymentMethod: CARD,
    createdAt: now,
  });
  await recordPaymentIntent(ctx, {
    ...witness,
    connectionId: CONNECTION,
    stripeId: `pi_${n}`,
    customerId: row?.id ?? null,
    status: 'succeeded',
    amount: 4900n,
    currency: 'usd',
    description: 'Onboarding',
    automatic: true,
    createdAt: now,
    error: null,
    paymentMethod: CARD,
    latestChargeId: `ch_${n}`,
    receiptUrl: null,
    succeededAt: now,
    stripeStatus: 'succeeded',
  });
}

async function addEnvironment(app: App): Promise<string> {
  const id = app.ids.make('environment');
  const organizationId = app.ids.make('organization');
  const at = app.machineClock.now();
  await app.db.insertInto('organizations').values({ id: organizationId, name: 'Bench', created_at: at, updated_at: at }).execute();
  await app.db
    .insertInto('environments')
    .values({
      id,
      organization_id: organizationId,
      slug: 'bench',
      name: 'Bench',
      mode: 'sandbox',
      color: 'amber',
      clock_kind: 'simulated',
      clock_now: Temporal.Instant.from(START),
      created_at: at,
      updated_at: at,
    })
    .execute();
  const ctx = await contextFor(app, { environmentId: id, actor: 'system' });
  const data = { mode: 'sandbox', first: true };
  await transaction(ctx, (tx) =>
    announce(tx, { type: 'environment.created', objectType: 'environment', objectId: id, data, dedupeKey: `environment.created:${id}` }),
  );
  return id;
}

function bindMirror(app: App): void {
  app.ports.bind(StripeMirrorPort, {
    catalog: async () => [],
    product: async (ctx, id) => ({ id, name: 'Acme Pro', readAt: ctx.machineClock.now() }),
    price: async (ctx, id) => ({ id, nickname: null, readAt: ctx.machineClock.now() }),
    invoiceUrl: async () => 'https://invoice.stripe.test/i/1',
    nextInvoice: async () => null,
    refresh: async () => {},
    deepLink: async () => null,
  });
}
