/** Keeps a customer's active entitlements in step with their subscriptions. */
import type { Doc, Hooks, Tx } from '../../kernel/types.ts';
import { difference, ENTITLING } from './entitled.ts';

const ENTITLEMENT = 'entitlements.active_entitlement';
const SUMMARY = 'entitlements.active_entitlement_summary';
/** The summary in an event lists at most this many [docs.stripe.com/billing/entitlements#webhooks]. */
const MAX_LISTED = 10;

/** Hook: a subscription began, changed or ended. */
export async function refreshEntitlements(tx: Tx, { subscription }: Hooks['subscription.updated']): Promise<void> {
  if (!(await concerns(tx, subscription.customer))) return;
  await rememberFeatures(tx, subscription);
  const customer = await tx.get(subscription.customer, { object: 'customer', deleted: true });
  if (customer !== undefined) await bringUpToDate(tx, customer);
}

/** Accounts without features, the usual ones, pay for this with two looks into an index. */
async function concerns(tx: Tx, customer: string): Promise<boolean> {
  if ((await tx.first({ object: 'product_feature' })) !== undefined) return true;
  return (await tx.first({ object: ENTITLEMENT, where: { ref: customer } })) !== undefined;
}

/** Newest first. */
export function entitlementsOf(tx: Tx, customer: string): Promise<Doc[]> {
  return tx.query({ object: ENTITLEMENT, where: { ref: customer } });
}

/** What a subscription's products give is read now, not when a product changes. */
async function rememberFeatures(tx: Tx, subscription: Doc): Promise<void> {
  const products = new Set<string>(subscription.items.data.map((item: Doc) => item.price.product));
  const features = [...products].map((product) => tx.query({ object: 'product_feature', where: { ref: product }, order: 'oldest' }));
  subscription._features = (await Promise.all(features)).flat().map((attached) => attached.entitlement_feature.id);
  tx.put(subscription);
}

async function bringUpToDate(tx: Tx, customer: Doc): Promise<void> {
  const subscriptions = await tx.query({
    object: 'subscription',
    where: { customer: customer.id, status: [...ENTITLING] },
    order: 'oldest',
  });
  const held = await entitlementsOf(tx, customer.id);
  const wanted = subscriptions.flatMap((subscription): string[] => subscription._features ?? []);
  const { granted, revoked } = difference(
    held.map(({ id, feature }) => ({ id, feature })),
    wanted,
  );
  if (granted.length + revoked.length === 0) return;
  for (const entitlement of held) if (revoked.includes(entitlement.id)) tx.remove(entitlement);
  for (const id of granted) await grant(tx, { customer, id });
  await tell(tx, { customer, before: held });
}

async function grant(tx: Tx, to: { customer: Doc; id: string }): Promise<void> {
  const feature = await tx.get(to.id, { object: 'entitlements.feature', deleted: true });
  if (feature === undefined) return;
  const fields = { feature: feature.id, lookup_key: feature.lookup_key, _ref: to.customer.id };
  tx.put(tx.make(ENTITLEMENT, 'ent_test', fields, to.customer));
}

/** The summary is not a stored object: it shows the customer's entitlements of this moment. */
async function tell(tx: Tx, input: { customer: Doc; before: Doc[] }): Promise<void> {
  const { customer } = input;
  const list = (docs: Doc[]) => ({
    object: 'list',
    data: docs.slice(0, MAX_LISTED),
    has_more: docs.length > MAX_LISTED,
    url: `/v1/customer/${customer.id}/entitlements`,
  });
  const now = await entitlementsOf(tx, customer.id);
  const summary = { object: SUMMARY, customer: customer.id, entitlements: list(now), livemode: false, _clock: customer._clock ?? null };
  const previous = { entitlements: { data: input.before.slice(0, MAX_LISTED).map(shown) } };
  tx.emit(`${SUMMARY}.updated`, summary as unknown as Doc, { previous });
}

function shown({ id, object, feature, livemode, lookup_key }: Doc) {
  return { id, object, feature, livemode, lookup_key };
}
