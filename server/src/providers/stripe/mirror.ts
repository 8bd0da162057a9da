import { z } from 'zod';
import type { StripeMirror } from '../../emails/index.ts';
import { claimWork, fence, releaseClaim } from '../../kit/claims.ts';
import type { Ctx } from '../../kit/context.ts';
import { isInTransaction, transaction } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';
import { catalog } from './catalog.ts';
import type { Connection } from './connection/connection.ts';
import { deepLink } from './connection/deep-link.ts';
import { currentConnection } from './connection/queries.ts';
import { isFailure } from './failure.ts';
import { MIRROR_FRESH_MS } from './limits.ts';
import { amount, currency, instant, text } from './pull/fields.ts';
import { load } from './pull/load.ts';
import { toPrice } from './pull/price.ts';
import { toProduct } from './pull/product.ts';
import { record } from './pull/record.ts';
import { type RemoteObject, remoteObject } from './pull/remote-objects.ts';
import { keyOf, type RemoteType, type Target } from './pull/source.ts';
import { apiOf } from './runtime.ts';

/** What mails ask of Stripe beside our rows (the port of the e-mail room). */
export const stripeMirror: StripeMirror = {
  catalog,
  product: async (ctx, id) => {
    const found = await copyOf(ctx, { type: 'product', id });
    return found?.body ? { id, name: toProduct(found.body).name, readAt: found.fetchedAt } : null;
  },
  price: async (ctx, id) => {
    const found = await copyOf(ctx, { type: 'price', id });
    return found?.body ? { id, nickname: toPrice(found.body).nickname, readAt: found.fetchedAt } : null;
  },
  invoiceUrl: async (ctx, id) => {
    const connection = await workingConnection(ctx);
    if (connection === null) return null;
    const invoice = await (await apiOf(ctx, connection)).get(
      `/v1/invoices/${encodeURIComponent(id)}`,
      z.object({ hosted_invoice_url: text }),
    );
    return invoice.hosted_invoice_url;
  },
  nextInvoice,
  refresh: (ctx, { type, stripeId }) => refresh(ctx, { type, id: stripeId }),
  deepLink: async (ctx, type, id) => {
    const connection = await currentConnection(ctx);
    return connection === null ? null : deepLink(ctx.app, connection, type as RemoteType, id);
  },
};

const preview = z.object({
  amount_due: amount,
  currency,
  period_end: instant,
  lines: z.object({ data: z.array(z.object({ pricing: z.object({ price_details: z.object({ price: text }).nullish() }).nullish() })) }),
});

/** Stripe's preview of the next invoice; null where none is to come. Usage that is still being counted makes it an estimate. */
async function nextInvoice(ctx: Ctx, subscription: string) {
  const connection = await workingConnection(ctx);
  if (connection === null) return null;
  try {
    const api = await apiOf(ctx, connection);
    const invoice = await api.post('/v1/invoices/create_preview', preview, {
      params: { subscription },
      key: `billow/preview/${newId(ctx, 'preview')}`,
    });
    return {
      amount: invoice.amount_due,
      currency: invoice.currency,
      at: invoice.period_end,
      estimated: await isMetered(ctx, subscription),
    };
  } catch (error) {
    if (isFailure(error, 'invalid', 'missing')) return null;
    throw error;
  }
}

const items = z.object({
  items: z.object({ data: z.array(z.object({ price: z.object({ recurring: z.object({ usage_type: text }).nullish() }) })) }),
});

async function isMetered(ctx: Ctx, subscription: string): Promise<boolean> {
  const copy = items.safeParse((await remoteObject(ctx, 'subscription', subscription))?.body);
  return copy.success && copy.data.items.data.some((item) => item.price.recurring?.usage_type === 'metered');
}

/** Our copy, read from Stripe first where we have none and may call. */
async function copyOf(ctx: Ctx, target: Target): Promise<RemoteObject | null> {
  const known = await remoteObject(ctx, target.type, target.id);
  if (known !== null || isInTransaction()) return known;
  await readNow(ctx, target);
  return remoteObject(ctx, target.type, target.id);
}

async function refresh(ctx: Ctx, target: Target): Promise<void> {
  const known = await remoteObject(ctx, target.type, target.id);
  const isFresh = known !== null && ctx.machineClock.now().epochMilliseconds - known.fetchedAt.epochMilliseconds < MIRROR_FRESH_MS;
  const connection = await currentConnection(ctx);
  if (connection === null || (isFresh && connection.status === 'active')) return;
  await readNow(ctx, target);
}

const CLAIM_TRIES = 40;
const CLAIM_PAUSE_MS = 50;

/** Reads and records one object under its claim; waits a moment where an event about it is being worked off. */
async function readNow(ctx: Ctx, target: Target): Promise<void> {
  const connection = await workingConnection(ctx);
  if (connection === null) throw new Error(`No working connection to read ${keyOf(target)} from Stripe`);
  const subjectId = `${connection.id}:${keyOf(target)}`;
  for (let tries = 0; tries < CLAIM_TRIES; tries++) {
    const claim = await claimWork(ctx, { kind: 'stripe_object', subjectId });
    if (claim === null) {
      await ctx.machineClock.sleep(CLAIM_PAUSE_MS);
      continue;
    }
    try {
      const loaded = await load({ ctx, api: await apiOf(ctx, connection, 'refetch'), connection }, target);
      await transaction(ctx, async (tx) => {
        await fence(tx, claim);
        await record(tx, { connection, loaded, witness: { cause: null, witnessAt: null, silent: false } });
      });
      return;
    } finally {
      await releaseClaim(ctx, claim);
    }
  }
  throw new Error(`${keyOf(target)} is being worked on`);
}

async function workingConnection(ctx: Ctx): Promise<Connection | null> {
  const connection = await currentConnection(ctx);
  return connection === null || connection.status === 'revoked' ? null : connection;
}
