/** What a matched request fault does: before the effect (nothing happened) or after it (it happened and the caller does not know). */
import type { RequestEffect } from '../faults/rules.ts';
import type { Services } from '../kernel/services.ts';
import { jsonReply, type Reply } from './answer.ts';

const DROPPED: Reply = { status: 0, headers: {}, body: '', drop: true };

/** A reply that ends the request at once, or null to go on. */
export async function beforeEffect(services: Services, effects: RequestEffect[]): Promise<Reply | null> {
  for (const effect of effects) {
    if (effect.kind === 'latency') await pause(services, effect.min + services.random.fraction() * (effect.max - effect.min));
    if (effect.kind === 'hang') return { ...DROPPED, hang: true, drop: false };
    if (effect.kind === 'drop' && effect.when !== 'after_effect') return DROPPED;
    if (effect.kind === 'status' && effect.when !== 'after_effect') return statusReply(effect);
  }
  return null;
}

/** The reply the caller sees after the request ran. */
export function afterEffect(effects: RequestEffect[], reply: Reply): Reply {
  for (const effect of effects) {
    if (effect.kind === 'drop' && effect.when === 'after_effect') return DROPPED;
    if (effect.kind === 'status' && effect.when === 'after_effect') return statusReply(effect);
    if (effect.kind === 'truncate') return { ...reply, body: String(reply.body).slice(0, Math.floor(String(reply.body).length / 2)) };
  }
  return reply;
}

function statusReply(effect: Extract<RequestEffect, { kind: 'status' }>): Reply {
  const headers: Record<string, string> = {};
  if (effect.should_retry !== undefined) headers['stripe-should-retry'] = String(effect.should_retry);
  if (effect.retry_after !== undefined) headers['retry-after'] = String(effect.retry_after);
  const type = effect.status >= 500 ? 'api_error' : effect.status === 409 ? 'idempotency_error' : 'invalid_request_error';
  const code = effect.code ?? (effect.status === 429 ? 'rate_limit' : undefined);
  const message = `An injected fault answered ${effect.status}.`;
  return jsonReply(effect.status, { error: { type, message, ...(code === undefined ? {} : { code }) } }, headers);
}

function pause(services: Services, ms: number): Promise<void> {
  return new Promise((resolve) => services.clock.after(ms, resolve));
}
