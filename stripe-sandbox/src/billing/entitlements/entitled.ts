/** Pure: from what a customer has and should have to what comes and goes. */

/** Statuses of a subscription that give access [docs.stripe.com/billing/entitlements]. */
export const ENTITLING: readonly string[] = ['trialing', 'active', 'past_due'];

export type Held = { id: string; feature: string };
export type Difference = { granted: string[]; revoked: string[] };

/** Features to grant, and ids of entitlements to revoke; each feature once. */
export function difference(held: readonly Held[], wanted: readonly string[]): Difference {
  const should = new Set(wanted);
  const has = new Set(held.map((entitlement) => entitlement.feature));
  return {
    granted: [...should].filter((feature) => !has.has(feature)),
    revoked: held.filter((entitlement) => !should.has(entitlement.feature)).map((entitlement) => entitlement.id),
  };
}
