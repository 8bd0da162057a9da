/** One POST of one event to one endpoint: body, fresh timestamp and signature, and whatever a delivery fault does to them. */
import type { DeliveryEffect } from '../faults/rules.ts';
import type { Services } from '../kernel/services.ts';
import { isThin, thinView } from '../kernel/thin.ts';
import type { Doc } from '../kernel/types.ts';
import type { Deliver } from '../ports.ts';
import type { DeliveryRow } from '../store/port.ts';
import { signatureHeader } from './sign.ts';

const TIMEOUT_MS = 10_000;
const BODY_HEAD = 1000;
const DEFAULT_SHIFT_SECONDS = 400;
const DEFAULT_HUGE_BYTES = 5_000_000;

/** `final`: no retry will follow, whatever the count. */
export type Attempt = { ok: boolean; status: number | null; body: string; durationMs: number; final?: boolean };
type Delivery = { row: DeliveryRow; event: Doc; endpoint: Doc; effects: DeliveryEffect[] };

export async function attemptDelivery(parts: { services: Services; deliver: Deliver }, delivery: Delivery): Promise<Attempt> {
  const { effects } = delivery;
  if (has(effects, 'drop_forever'))
    return { ok: false, status: null, body: 'Dropped for good by a fault rule.', durationMs: 0, final: true };
  if (has(effects, 'drop')) return { ok: false, status: null, body: 'Dropped by a fault rule.', durationMs: 0 };
  const copies = 1 + (effects.find((effect) => effect.kind === 'duplicate')?.n ?? 0);
  let last: Attempt = { ok: false, status: null, body: '', durationMs: 0 };
  for (let copy = 0; copy < copies; copy += 1) last = await post(parts, delivery);
  return last;
}

async function post(parts: { services: Services; deliver: Deliver }, delivery: Delivery): Promise<Attempt> {
  const { services } = parts;
  const { endpoint, effects } = delivery;
  const body = bodyOf(services, delivery);
  const started = services.clock.now();
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'stripe-signature': signature(body, {
      secrets: secretsOf(endpoint, { effects, now: started }),
      now: Math.floor(started / 1000),
      effects,
    }),
    'cache-control': 'no-cache',
  };
  try {
    const answer = await parts.deliver({
      url: urlOf(endpoint),
      headers,
      body: has(effects, 'truncate') ? body.slice(0, body.length / 2) : body,
      timeoutMs: TIMEOUT_MS,
    });
    const ok = answer.status !== null && answer.status >= 200 && answer.status < 300;
    const result = { ok, status: answer.status, body: answer.body.slice(0, BODY_HEAD), durationMs: services.clock.now() - started };
    return answer.final === true ? { ...result, final: true } : result;
  } catch (error) {
    return {
      ok: false,
      status: null,
      body: String(error instanceof Error ? error.message : error).slice(0, BODY_HEAD),
      durationMs: services.clock.now() - started,
    };
  }
}

function urlOf(endpoint: Doc): string {
  return endpoint.object === 'v2.core.event_destination' ? endpoint.webhook_endpoint.url : endpoint.url;
}

/** The event as stored, or its thin twin; Connect endpoints get it with `account`. */
function bodyOf(services: Services, delivery: Delivery): string {
  const { row, effects, endpoint } = delivery;
  const isNotice = endpoint.event_payload === 'thin' || isThin(row.eventType);
  const event = isNotice ? thinOf(services, delivery) : delivery.event;
  const foreign = has(effects, 'wrong_account') ? 'acct_0000000000000000' : row.account === row.endpointAccount ? null : row.account;
  const huge = effects.find((effect) => effect.kind === 'huge_body');
  const padding = huge === undefined ? {} : { padding: 'x'.repeat(huge.bytes ?? DEFAULT_HUGE_BYTES) };
  return JSON.stringify({ ...event, ...(foreign === null ? {} : { account: foreign }), ...padding }, null, 2);
}

/** A thin payload names the object; what a thin event has to say beyond that is fetched [K 6]. */
function thinOf(services: Services, { row, event }: Delivery): Doc {
  const created = typeof event.created === 'number' ? event.created : 0;
  const { data: _data, ...notice } = thinView(services.contract, {
    id: row.event,
    type: row.eventType,
    created,
    objectId: row.objectId,
    doc: event,
  });
  return notice as Doc;
}

/** The present secret, and those rolled away whose time is not over yet: one signature each. */
function secretsOf(endpoint: Doc, at: { effects: DeliveryEffect[]; now: number }): string[] {
  if (has(at.effects, 'wrong_secret')) return ['whsec_wrongwrongwrongwrongwrong'];
  const old = (endpoint._old_secrets ?? []) as { secret: string; until: number }[];
  return [...(endpoint._secrets as string[]), ...old.filter(({ until }) => until > at.now).map(({ secret }) => secret)];
}

function signature(body: string, parts: { secrets: string[]; now: number; effects: DeliveryEffect[] }): string {
  const old = parts.effects.find((effect) => effect.kind === 'old_timestamp');
  const future = parts.effects.find((effect) => effect.kind === 'future_timestamp');
  const shift =
    (future === undefined ? 0 : (future.seconds ?? DEFAULT_SHIFT_SECONDS)) -
    (old === undefined ? 0 : (old.seconds ?? DEFAULT_SHIFT_SECONDS));
  const header = signatureHeader(body, parts.secrets, parts.now + shift);
  return has(parts.effects, 'bad_signature') ? header.replace(/v1=[0-9a-f]{8}/, 'v1=00000000') : header;
}

function has(effects: DeliveryEffect[], kind: DeliveryEffect['kind']): boolean {
  return effects.some((effect) => effect.kind === kind);
}
