/** Fault rules: data, seeded, countable. Requests are matched in front of the handler, deliveries behind the event log (sandbox.md 8). */
import type { RandomPort } from '../ports.ts';

export type RequestEffect =
  | { kind: 'latency'; min: number; max: number }
  | {
      kind: 'status';
      status: number;
      when?: 'before_effect' | 'after_effect';
      sticky?: boolean;
      should_retry?: boolean;
      retry_after?: number;
      code?: string;
    }
  | { kind: 'drop'; when?: 'before_effect' | 'after_effect' }
  | { kind: 'hang' }
  /** Lists and searches answer as of `lag` milliseconds ago; other requests are not touched. */
  | { kind: 'stale_read'; lag: number }
  | { kind: 'truncate' };
export type DeliveryEffect =
  | { kind: 'drop' }
  | { kind: 'drop_forever' }
  | { kind: 'duplicate'; n: number }
  | { kind: 'delay'; min: number; max: number }
  | { kind: 'reorder'; window: number }
  | { kind: 'bad_signature' }
  | { kind: 'old_timestamp'; seconds?: number }
  | { kind: 'future_timestamp'; seconds?: number }
  | { kind: 'wrong_secret' }
  | { kind: 'wrong_account' }
  | { kind: 'huge_body'; bytes?: number }
  | { kind: 'truncate' };

export type Match = {
  account?: string;
  method?: string;
  /** A route template as in the SDK; `*` stands for anything. */
  route?: string;
  customer?: string;
  /** Event type, for deliveries; `invoice.*` is a family. */
  event?: string;
  endpoint?: string;
  object?: string;
  probability?: number;
  /** Lets this many matches pass first. */
  after?: number;
};
export type FaultRule = {
  id: string;
  on: 'request' | 'delivery';
  match: Match;
  effect: RequestEffect | DeliveryEffect;
  times: number | null;
  seen: number;
  hits: number;
};
export type NewRule = { on?: 'request' | 'delivery'; match?: Match; effect: RequestEffect | DeliveryEffect; times?: number };

export type Faults = {
  add(rule: NewRule): FaultRule;
  list(): FaultRule[];
  remove(id?: string): void;
  /** Forgets the rules of one account. */
  forget(account: string): void;
  forRequest(about: RequestFacts): RequestEffect[];
  forDelivery(about: DeliveryFacts): DeliveryEffect[];
  /** Whether some rule asks for an effect of this kind, and so for what it needs. */
  wants(kind: RequestEffect['kind']): boolean;
};
export type RequestFacts = { account: string; method: string; route: string; customer: string | null };
export type DeliveryFacts = { account: string; event: string; endpoint: string; object: string | null };

const DELIVERY_KINDS = new Set([
  'drop_forever',
  'duplicate',
  'delay',
  'reorder',
  'bad_signature',
  'old_timestamp',
  'future_timestamp',
  'wrong_secret',
  'wrong_account',
  'huge_body',
]);

export function createFaults(random: RandomPort): Faults {
  let rules: FaultRule[] = [];
  let count = 0;
  const applies = (rule: FaultRule, fits: boolean): boolean => {
    if (!fits) return false;
    rule.seen += 1;
    if (rule.seen <= (rule.match.after ?? 0) || (rule.times !== null && rule.hits >= rule.times)) return false;
    if (rule.match.probability !== undefined && random.fraction() >= rule.match.probability) return false;
    rule.hits += 1;
    return true;
  };
  return {
    add(rule) {
      count += 1;
      const on =
        rule.on ??
        (rule.match?.event !== undefined || rule.match?.endpoint !== undefined || DELIVERY_KINDS.has(rule.effect.kind)
          ? 'delivery'
          : 'request');
      const stored: FaultRule = {
        id: `fault_${count}`,
        on,
        match: rule.match ?? {},
        effect: rule.effect,
        times: rule.times ?? null,
        seen: 0,
        hits: 0,
      };
      rules.push(stored);
      return stored;
    },
    list: () => rules,
    wants: (kind) => rules.some((rule) => rule.on === 'request' && rule.effect.kind === kind),
    remove(id) {
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id);
    },
    forget(account) {
      rules = rules.filter((rule) => rule.match.account !== account);
    },
    forRequest: (about) =>
      rules
        .filter((rule) => rule.on === 'request' && applies(rule, fitsRequest(rule.match, about)))
        .map((rule) => rule.effect as RequestEffect),
    forDelivery: (about) =>
      rules
        .filter((rule) => rule.on === 'delivery' && applies(rule, fitsDelivery(rule.match, about)))
        .map((rule) => rule.effect as DeliveryEffect),
  };
}

function fitsRequest(match: Match, about: RequestFacts): boolean {
  if (match.account !== undefined && match.account !== about.account) return false;
  if (match.method !== undefined && match.method !== about.method) return false;
  if (match.customer !== undefined && match.customer !== about.customer) return false;
  return match.route === undefined || pattern(normal(match.route), normal(about.route));
}

function fitsDelivery(match: Match, about: DeliveryFacts): boolean {
  if (match.account !== undefined && match.account !== about.account) return false;
  if (match.endpoint !== undefined && match.endpoint !== about.endpoint) return false;
  if (match.object !== undefined && match.object !== about.object) return false;
  return match.event === undefined || pattern(match.event, about.event);
}

/** `*` stands for anything, wherever it is. */
function pattern(wanted: string, value: string): boolean {
  const [start = '', ...rest] = wanted.split('*');
  if (rest.length === 0) return wanted === value;
  const end = rest.at(-1) ?? '';
  if (!value.startsWith(start) || !value.endsWith(end) || value.length < start.length + end.length) return false;
  let at = start.length;
  for (const part of rest.slice(0, -1)) {
    at = value.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= value.length - end.length;
}

function normal(route: string): string {
  return route.replace(/\{\w*\}/g, '{}');
}
