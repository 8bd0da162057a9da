/** R1–R4: which route answers for an occurrence. Pure; says every level it tried. */
import type { Records } from '../queries/records.ts';
import type { RouteRow } from './routes-table.ts';

export type Level = {
  level: 1 | 2 | 3 | 4 | 5;
  key: Record<string, string>;
  route_id: string | null;
  result: 'match' | 'off' | 'no_route';
};
export type Choice = { route: RouteRow | null; tried: Level[]; stripeProductId: string | null; stripePriceId: string | null };

type Item = { stripeProductId: string | null; stripePriceId: string | null };

/** The most specific route of the trigger for the subscription's items, else for the invoice's lines; null means off. */
export function chooseRoute(routes: RouteRow[], a: { trigger: string; records: Records }): Choice {
  const mine = routes.filter((route) => route.trigger === a.trigger);
  const items = itemsOf(a.records);
  const tried: Level[] = [];
  const first = items[0] ?? { stripeProductId: null, stripePriceId: null };
  for (const candidate of candidates(items, a.records)) {
    const route = mine.find((r) => KEYS.every((key) => (r[key] ?? null) === (candidate.key[key] ?? null))) ?? null;
    tried.push({
      level: candidate.level,
      key: candidate.key,
      route_id: route?.id ?? null,
      result: route ? (route.off ? 'off' : 'match') : 'no_route',
    });
    if (route)
      return {
        route,
        tried,
        stripeProductId: candidate.item?.stripeProductId ?? first.stripeProductId,
        stripePriceId: candidate.item?.stripePriceId ?? first.stripePriceId,
      };
  }
  return { route: null, tried, ...first };
}

const KEYS = ['stripe_product_id', 'stripe_price_id', 'product_id', 'plan_id'] as const;

type Candidate = { level: Level['level']; key: Record<string, string>; item?: Item };

/** Level by level; within a level the items in order, the base plan's first (R4). */
function candidates(items: Item[], records: Records): Candidate[] {
  const product = records.subscription?.product_id ?? null;
  const list: Candidate[] = [];
  for (const item of items) {
    if (item.stripeProductId && item.stripePriceId)
      list.push({ level: 1, key: { stripe_product_id: item.stripeProductId, stripe_price_id: item.stripePriceId }, item });
  }
  for (const item of items) if (item.stripeProductId) list.push({ level: 2, key: { stripe_product_id: item.stripeProductId }, item });
  if (product) list.push({ level: 4, key: { product_id: product } });
  list.push({ level: 5, key: {} });
  return list.filter((candidate, i) => list.findIndex((other) => JSON.stringify(other.key) === JSON.stringify(candidate.key)) === i);
}

function itemsOf(records: Records): Item[] {
  if (records.items.length > 0) {
    const ordered = [...records.items].sort((a, b) => Number(b.kind === 'base') - Number(a.kind === 'base') || a.position - b.position);
    return ordered.map((item) => ({ stripeProductId: item.stripe_product_id, stripePriceId: item.stripe_price_id }));
  }
  return records.lines.map((line) => ({ stripeProductId: line.stripe_product_id, stripePriceId: line.stripe_price_id }));
}
