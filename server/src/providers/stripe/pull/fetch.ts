import { sql } from 'kysely';
import { z } from 'zod';
import type { Params } from '../client.ts';
import { isFailure } from '../failure.ts';
import { SCAN_PAGE } from '../limits.ts';
import type { Fetched, RemoteBody, RemoteType, Source, Target } from './source.ts';
import { Unreadable } from './unreadable.ts';

/** Any object of Stripe; what is read of it is decided by the mappings. */
export const anyObject = z.looseObject({ id: z.string(), object: z.string(), deleted: z.boolean().optional() });
export const anyList = z.looseObject({ data: z.array(anyObject), has_more: z.boolean() });

type Endpoint = { path: string; object: string; expand?: string[] };

/** Where each kind lives, what it calls itself, and what is asked for beside it (at most four levels). */
const ENDPOINTS: Record<RemoteType, Endpoint> = {
  customer: { path: '/v1/customers', object: 'customer', expand: ['invoice_settings.default_payment_method', 'default_source'] },
  product: { path: '/v1/products', object: 'product' },
  price: { path: '/v1/prices', object: 'price' },
  subscription: { path: '/v1/subscriptions', object: 'subscription' },
  invoice: { path: '/v1/invoices', object: 'invoice', expand: ['payments'] },
  payment_intent: { path: '/v1/payment_intents', object: 'payment_intent', expand: ['latest_charge', 'payment_method'] },
  charge: { path: '/v1/charges', object: 'charge' },
  refund: { path: '/v1/refunds', object: 'refund' },
  dispute: { path: '/v1/disputes', object: 'dispute' },
  payment_method: { path: '/v1/payment_methods', object: 'payment_method' },
  checkout_session: { path: '/v1/checkout/sessions', object: 'checkout.session' },
};

/** Reads one object as Stripe holds it now. 404 is an answer: the object is gone. Throws StripeFailure otherwise. */
export async function fetchObject(source: Source, target: Target): Promise<Fetched> {
  const endpoint = ENDPOINTS[target.type];
  const seq = await nextFetchSeq(source);
  try {
    const path = `${endpoint.path}/${encodeURIComponent(target.id)}`;
    const body = await readExpanded(source, path, endpoint.expand);
    if (body.id !== target.id || body.object !== endpoint.object)
      throw new Unreadable(`${target.type} ${target.id}: Stripe answered ${body.object} ${body.id}`);
    return { ...target, seq, body: await completed(source, target, body), deleted: body.deleted === true };
  } catch (error) {
    if (isFailure(error, 'missing')) return { ...target, seq, body: null, deleted: true };
    if (isFailure(error, 'unknown') && error.detail.code === 'unreadable_answer') throw new Unreadable(error.message);
    throw error;
  }
}

/** The stub of a deleted object has nothing that could be expanded, which Stripe may refuse: then it is read plain. */
async function readExpanded(source: Source, path: string, expand: string[] | undefined): Promise<RemoteBody> {
  try {
    return await source.api.get(path, anyObject, expand ? { expand } : {});
  } catch (error) {
    if (expand && isFailure(error, 'invalid') && /cannot be expanded/.test(error.message)) return source.api.get(path, anyObject);
    throw error;
  }
}

/** A number that later requests exceed; taken before the request leaves. */
export async function nextFetchSeq(source: Pick<Source, 'ctx'>): Promise<bigint> {
  const { rows } = await sql<{ seq: bigint }>`select nextval('fetch_seq') as seq`.execute(source.ctx.db);
  return BigInt(rows[0]!.seq);
}

/** All objects of a list, page by page. */
export async function* pages(source: Source, path: string, query: Params = {}): AsyncGenerator<RemoteBody[]> {
  let after: string | undefined;
  for (;;) {
    const page = await source.api.get(path, anyList, { limit: SCAN_PAGE, ...query, ...(after ? { starting_after: after } : {}) });
    if (page.data.length > 0) yield page.data;
    after = page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) return;
  }
}

/** Lists inside an object stop at ten entries; the rest has its own address. */
async function completed(source: Source, target: Target, body: RemoteBody): Promise<RemoteBody> {
  if (target.type === 'subscription') return withWholeList(source, body, 'items', '/v1/subscription_items', { subscription: target.id });
  if (target.type === 'invoice') return withWholeList(source, body, 'lines', `/v1/invoices/${encodeURIComponent(target.id)}/lines`, {});
  return body;
}

async function withWholeList(source: Source, body: RemoteBody, name: string, path: string, query: Params): Promise<RemoteBody> {
  const list = body[name] as { data?: unknown[]; has_more?: boolean } | undefined;
  if (!list?.has_more) return body;
  const data: RemoteBody[] = [];
  for await (const page of pages(source, path, query)) data.push(...page);
  return { ...body, [name]: { ...list, data, has_more: false } };
}
