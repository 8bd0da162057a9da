/** The faults the viewer offers, by name, and the rule a filled-in form makes. Every other rule is made through the control API. */
import type { DeliveryEffect, NewRule, RequestEffect } from '../../faults/rules.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { PageRequest } from '../../kernel/types.ts';
import { text } from '../form.ts';

const MAX_TIMES = 1000;

export const REQUEST_EFFECTS: Record<string, { label: string; effect: RequestEffect }> = {
  status_500: { label: 'Answer 500, nothing happens', effect: { kind: 'status', status: 500 } },
  status_500_after: { label: 'Answer 500 although it happened', effect: { kind: 'status', status: 500, when: 'after_effect' } },
  status_429: { label: 'Answer 429: too many requests', effect: { kind: 'status', status: 429 } },
  status_409: { label: 'Answer 409: conflict', effect: { kind: 'status', status: 409, should_retry: true } },
  drop: { label: 'Drop the connection, nothing happens', effect: { kind: 'drop' } },
  drop_after: { label: 'Drop the connection although it happened', effect: { kind: 'drop', when: 'after_effect' } },
  slow: { label: 'Answer after two seconds', effect: { kind: 'latency', min: 2000, max: 2000 } },
  truncate: { label: 'Cut the answer in half', effect: { kind: 'truncate' } },
};
export const DELIVERY_EFFECTS: Record<string, { label: string; effect: DeliveryEffect }> = {
  lose: { label: 'Lose the first attempt', effect: { kind: 'drop' } },
  lose_forever: { label: 'Never deliver', effect: { kind: 'drop_forever' } },
  twice: { label: 'Deliver twice', effect: { kind: 'duplicate', n: 2 } },
  bad_signature: { label: 'Sign wrongly', effect: { kind: 'bad_signature' } },
  old: { label: 'Sign with an old time', effect: { kind: 'old_timestamp' } },
};

/** Reads the form; refuses effects that are not offered. */
export function ruleFrom(rq: PageRequest): NewRule {
  const name = text(rq, 'effect');
  const times = Number(text(rq, 'times') || '1');
  if (!Number.isInteger(times) || times < 1 || times > MAX_TIMES) throw invalidRequest(`Choose 1 to ${MAX_TIMES} times.`);
  const account = text(rq, 'account');
  const where = text(rq, 'where');
  if (Object.hasOwn(REQUEST_EFFECTS, name)) {
    const [, method, route = ''] = /^(?:(GET|POST|DELETE)\s+)?(\/\S*)?$/.exec(where) ?? [];
    if (where !== '' && method === undefined && route === '') throw invalidRequest('Name a route like POST /v1/customers, or none.');
    const match = { account, ...(method === undefined ? {} : { method }), ...(route === '' ? {} : { route }) };
    return { on: 'request', match, effect: REQUEST_EFFECTS[name]!.effect, times };
  }
  if (!Object.hasOwn(DELIVERY_EFFECTS, name)) throw invalidRequest('Choose what happens.');
  return { on: 'delivery', match: { account, ...(where === '' ? {} : { event: where }) }, effect: DELIVERY_EFFECTS[name]!.effect, times };
}
