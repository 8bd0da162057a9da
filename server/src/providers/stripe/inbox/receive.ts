import { createHash } from 'node:crypto';
import type { App } from '../../../kit/context.ts';
import { toUnix } from '../../../kit/time.ts';
import { StripeRuntime } from '../runtime.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { rootKeyOf } from './events.ts';
import type { InboxInsert } from './inbox-writer.ts';
import { decodeUtf8, parseStrictJson } from './json.ts';
import { judge } from './judge.ts';
import { type Receiver, validSecrets } from './receiver.ts';
import { checkSignature } from './signature.ts';

export type Delivery = { connectionId: string; signature: string | undefined; body: Uint8Array };
export type Received = { status: 200 | 400 | 404; body: unknown };

/** The same words for every cause, so that a forger learns nothing. */
const REFUSED: Received = {
  status: 400,
  body: { error: { code: 'invalid_signature', message: 'The signature of this delivery is not valid.' } },
};
const UNREADABLE: Received = {
  status: 400,
  body: { error: { code: 'unreadable_event', message: 'The delivery is signed, but not an event we can read.' } },
};
const UNKNOWN: Received = { status: 404, body: { error: { code: 'not_found', message: 'No such webhook.' } } };
const ACCEPTED: Received = { status: 200, body: { received: true } };

/** Sample of an unreadable body that is kept for people. */
const SAMPLE_CHARS = 2_000;

/**
 * Takes one delivery: genuine → read the envelope → one row in the inbox → 200. No call to Stripe and no business logic (reliability.md 9).
 * What is not ours to act on is stored as ignored; what cannot be read is refused and quarantined.
 */
export async function receiveDelivery(app: App, delivery: Delivery): Promise<Received> {
  const runtime = app.ports.get(StripeRuntime);
  const receiver = await runtime.receivers.find(delivery.connectionId);
  if (receiver === null) return UNKNOWN;
  const now = app.machineClock.now();
  const fault = checkSignature(delivery.signature, delivery.body, validSecrets(receiver, now), toUnix(now));
  if (fault) {
    app.log.warn('webhook_refused', { connection_id: receiver.connectionId, reason: fault });
    return REFUSED;
  }
  const text = decodeUtf8(delivery.body);
  const parsed = text === null ? { value: null, fault: 'not_utf8' as const } : parseStrictJson(text);
  const envelope = parsed.fault === null ? readEnvelope(parsed.value) : null;
  if (text === null || envelope === null) {
    await runtime.inbox.write(quarantineRow(receiver, delivery.body, parsed.fault ?? 'not_an_event'));
    return UNREADABLE;
  }
  await runtime.inbox.write(inboxRow(receiver, { envelope, raw: text, via: 'webhook' }));
  return ACCEPTED;
}

/** The row an event becomes, whichever way it came. */
export function inboxRow(receiver: Receiver, a: { envelope: Envelope; raw: string; via: 'webhook' | 'poll' }): InboxInsert {
  const { envelope } = a;
  return {
    environmentId: receiver.environmentId,
    connectionId: receiver.connectionId,
    eventId: envelope.eventId,
    type: envelope.type,
    objectType: envelope.objectType,
    objectId: envelope.objectId,
    rootKey: rootKeyOf(envelope),
    account: envelope.account,
    livemode: envelope.livemode,
    apiVersion: envelope.apiVersion,
    createdRemote: envelope.createdRemote,
    requestKey: envelope.requestKey,
    raw: a.raw,
    via: a.via,
    ...judge(receiver, envelope),
    error: null,
  };
}

function quarantineRow(receiver: Receiver, body: Uint8Array, reason: string): InboxInsert {
  const hash = createHash('sha256').update(body).digest('hex');
  // PostgreSQL stores no NUL in text; the sample is for people only.
  const sample = Buffer.from(body.subarray(0, SAMPLE_CHARS)).toString('utf8').toWellFormed().replaceAll('\0', '\uFFFD');
  return {
    environmentId: receiver.environmentId,
    connectionId: receiver.connectionId,
    eventId: `unreadable_${hash.slice(0, 32)}`,
    type: 'unreadable',
    objectType: null,
    objectId: null,
    rootKey: null,
    account: null,
    livemode: null,
    apiVersion: null,
    createdRemote: null,
    requestKey: null,
    raw: sample,
    via: 'webhook',
    status: 'quarantined',
    outcome: null,
    error: { reason, sha256: hash, bytes: body.length },
  };
}
