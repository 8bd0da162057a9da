/** `payment_method_options`: what a request asks of one kind of payment method. What has no behaviour here is refused by name. */
import { notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';

/** By kind: what acts, and what may be asked for "if available" and is not. */
type Known = Record<string, readonly string[]>;

export const PAYMENT_OPTIONS: Known = {
  card: [
    'capture_method',
    'network',
    'request_extended_authorization',
    'request_incremental_authorization',
    'request_multicapture',
    'request_overcapture',
    'request_three_d_secure',
    'setup_future_usage',
  ],
  sepa_debit: ['mandate_options', 'setup_future_usage'],
};
export const SETUP_OPTIONS: Known = { card: ['network', 'request_three_d_secure'], sepa_debit: ['mandate_options'] };

/** The present options with those sent; '' unsets one. Refuses kinds and options outside the list. */
export function mergeOptions(current: Params, given: Params, known: Known): Params {
  const merged: Params = { ...current };
  for (const [type, options] of Object.entries(given)) {
    const names = known[type];
    if (names === undefined) throw notEmulated(`payment_method_options[${type}]`, `payment_method_options[${type}]`);
    const unknown = Object.keys(options || {}).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      const param = `payment_method_options[${type}][${unknown}]`;
      throw notEmulated(param, param);
    }
    const sent = Object.entries((options || {}) as Params);
    const kept = sent.filter(([, value]) => value !== '');
    const before = Object.entries((current[type] ?? {}) as Params).filter(([name]) => !sent.some(([sentName]) => sentName === name));
    const cleared = sent.filter(([name, value]) => value === '' && NULLABLE.has(name)).map(([name]) => [name, null] as const);
    merged[type] = Object.fromEntries([...before, ...cleared, ...kept]);
  }
  return merged;
}

/** These are shown as null, others are absent, when unset. */
const NULLABLE = new Set(['network', 'request_three_d_secure']);

/** The kind's own wish comes before the intent's; `none` keeps nothing. */
export function futureUsage(intent: Doc, paymentMethod: Doc): string | null {
  const own = intent.payment_method_options?.[paymentMethod.type]?.setup_future_usage;
  if (own === 'none') return null;
  return own ?? intent.setup_future_usage;
}

/** Only authorized, to be captured later. */
export function capturesLater(intent: Doc, paymentMethod: Doc): boolean {
  return intent.capture_method === 'manual' || intent.payment_method_options?.[paymentMethod.type]?.capture_method === 'manual';
}
