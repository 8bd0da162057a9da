/** Which credit grant pays for which line. Pure; minor units. */

export type OpenGrant = {
  id: string;
  remaining: number;
  /** 0 is used first, 100 last. */
  priority: number;
  expiresAt: number | null;
  category: string;
  effectiveAt: number;
  /** Order of creation. */
  created: number;
  /** Prices it is limited to; null = every metered price. */
  prices: string[] | null;
};
export type CreditableLine = { id: string; price: string; amount: number };
export type Application = { grant: string; line: string; amount: number };

/** Grants in the order in which Stripe uses them: priority, soonest expiry, promotional before paid, earliest effect, earliest creation. */
export function inOrderOfUse(grants: OpenGrant[]): OpenGrant[] {
  const never = Number.POSITIVE_INFINITY;
  return [...grants].sort(
    (a, b) =>
      a.priority - b.priority ||
      compare(a.expiresAt ?? never, b.expiresAt ?? never) ||
      rank(a.category) - rank(b.category) ||
      a.effectiveAt - b.effectiveAt ||
      a.created - b.created ||
      (a.id < b.id ? -1 : 1),
  );
}

/** Spends grants on lines until one side is used up: no grant and no line goes below zero. */
export function allotCredits(lines: CreditableLine[], grants: OpenGrant[]): Application[] {
  const left = new Map(lines.map((line) => [line.id, Math.max(0, line.amount)]));
  const applications: Application[] = [];
  for (const grant of inOrderOfUse(grants)) {
    let { remaining } = grant;
    for (const line of lines) {
      if (grant.prices !== null && !grant.prices.includes(line.price)) continue;
      const amount = Math.min(remaining, left.get(line.id)!);
      if (amount <= 0) continue;
      remaining -= amount;
      left.set(line.id, left.get(line.id)! - amount);
      applications.push({ grant: grant.id, line: line.id, amount });
    }
  }
  return applications;
}

function rank(category: string): number {
  return category === 'promotional' ? 0 : 1;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
