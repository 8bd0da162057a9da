/** Which budgets a call to Stripe draws on, and whether they have something left (reliability.md 10.1). Pure. */
import type { Params } from './client.ts';
import { CALLS_PER_SECOND, ENDPOINT_CALLS_PER_SECOND, IMPORT_SHARE, OBJECT_LIMITS, SEARCH_CALLS_PER_SECOND } from './limits.ts';

/** Who calls, the most urgent first. A lane leaves something in the bucket for every lane before it. */
export const LANES = ['money', 'refetch', 'push', 'reconcile', 'import'] as const;
export type Lane = (typeof LANES)[number];

/** `tokens` may be saved up to `most`, and `perSecond` come in. A call needs one token, and leaves `floor` behind. */
export type Budget = { bucket: string; perSecond: number; most: number; floor: number };
export type Level = { tokens: number; atMs: number };
export type Call = { method: string; path: string; params?: Params | undefined; lane: Lane };

/** At Stripe a second is a second: what is saved up and what comes in may not exceed its limit of 25 (100 in live) together. */
const BURST_SHARE = 1 / 4;

/** The budgets of a call: the account's, the import's share of it, its endpoint's, and its object's. */
export function budgetsOf(call: Call, a: { livemode: boolean }): Budget[] {
  const total = a.livemode ? CALLS_PER_SECOND.live : CALLS_PER_SECOND.test;
  const floor = (LANES.indexOf(call.lane) * total * BURST_SHARE) / LANES.length;
  return [
    perSecond('total', total, floor),
    ...(call.lane === 'import' ? [perSecond('import', total * IMPORT_SHARE)] : []),
    perSecond(
      `endpoint ${call.method} ${endpointOf(call.path)}`,
      isSearch(call.path) ? SEARCH_CALLS_PER_SECOND : ENDPOINT_CALLS_PER_SECOND,
    ),
    ...objectBudgets(call),
  ];
}

/** What a bucket holds now. A clock that went back (another host's) brings nothing and takes nothing. */
export function levelAt(level: Level | null, budget: Budget, a: { nowMs: number; isSlow: boolean }): Level {
  if (level === null) return { tokens: budget.most, atMs: a.nowMs };
  const rate = a.isSlow ? budget.perSecond / 2 : budget.perSecond;
  const elapsed = Math.max(0, a.nowMs - level.atMs) / 1000;
  return { tokens: Math.min(budget.most, level.tokens + elapsed * rate), atMs: Math.max(level.atMs, a.nowMs) };
}

/** How long until the bucket has a token for the call; 0 where it has one. */
export function waitMs(level: Level, budget: Budget, a: { isSlow: boolean }): number {
  const missing = budget.floor + 1 - level.tokens;
  if (missing <= 1e-9) return 0;
  return (missing / (a.isSlow ? budget.perSecond / 2 : budget.perSecond)) * 1000;
}

function perSecond(bucket: string, rate: number, floor = 0): Budget {
  return { bucket, perSecond: rate, most: Math.max(1, rate * BURST_SHARE), floor: Math.min(floor, Math.max(1, rate * BURST_SHARE) - 1) };
}

/** At most `count` in any span of `seconds`: half of it saved up, half of it coming in. */
function perSpan(bucket: string, a: { count: number; seconds: number }): Budget {
  const most = Math.max(1, Math.floor(a.count / 2));
  return { bucket, perSecond: (a.count - most) / a.seconds, most, floor: 0 };
}

/** Names of resources are small letters; every other part of a path is somebody's id. */
function endpointOf(path: string): string {
  const parts = path.replace(/\?.*$/, '').split('/');
  return parts.map((part) => (part === 'v1' || /^[a-z_]*$/.test(part) ? part : '{id}')).join('/');
}

function isSearch(path: string): boolean {
  return /\/search(\?|$)/.test(path);
}

/** Stripe's limits per object (its page on rate limits): writes of one PaymentIntent, invoices and quantities of one subscription. */
function objectBudgets({ method, path, params }: Call): Budget[] {
  if (method !== 'POST') return [];
  const intent = /^\/v1\/payment_intents\/(pi_\w+)/.exec(path)?.[1];
  if (intent) return [perSpan(`payment_intent ${intent}`, OBJECT_LIMITS.paymentIntentUpdates)];
  const subscription = subscriptionOf(path, params);
  if (subscription === null) return [];
  if (path === '/v1/invoices') {
    return [
      perSpan(`invoices ${subscription} minute`, OBJECT_LIMITS.invoicesPerMinute),
      perSpan(`invoices ${subscription} day`, OBJECT_LIMITS.invoicesPerDay),
    ];
  }
  return changesQuantity(path, params) ? [perSpan(`quantity ${subscription}`, OBJECT_LIMITS.quantityUpdates)] : [];
}

function subscriptionOf(path: string, params: Params | undefined): string | null {
  const named = /^\/v1\/subscriptions\/(sub_\w+)$/.exec(path)?.[1] ?? /^\/v1\/subscription_items\/(si_\w+)$/.exec(path)?.[1];
  if (named) return named;
  return path === '/v1/invoices' && typeof params?.subscription === 'string' ? params.subscription : null;
}

function changesQuantity(path: string, params: Params | undefined): boolean {
  if (path.startsWith('/v1/subscription_items/')) return params?.quantity !== undefined;
  const items = params?.items;
  return Array.isArray(items) && items.some((item) => typeof item === 'object' && item !== null && 'quantity' in item);
}
