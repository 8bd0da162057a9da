import type { FastifyRequest } from 'fastify';
import type { Ctx } from '../../kit/context.ts';
import { stringify } from '../../kit/database.ts';
import { Refusal, refuse } from '../../kit/errors.ts';
import { Reply } from '../../kit/http.ts';
import { beginKeyed, dropKeyed, finishKeyed, type KeyedRequest } from '../../kit/idempotency.ts';
import { envelope, toWire } from './errors.ts';

const KEY_MAX = 255;
const FIRST_SERVER_ERROR = 500;

/** Runs a POST once per Idempotency-Key: the same key and body get the stored answer, refusals included; trouble of ours may be tried again. */
export async function replayed(a: { ctx: Ctx; request: FastifyRequest; run(): Promise<Reply> }): Promise<Reply> {
  const key = a.request.headers['idempotency-key'];
  // Who is not known yet has no keys of their own: what they send may be done once for other reasons, or again.
  if (key === undefined || ownerOf(a.ctx) === '') return a.run();
  if (typeof key !== 'string' || key.length === 0 || key.length > KEY_MAX) {
    refuse({ code: 'invalid_idempotency_key', message: `Idempotency-Key must have 1 to ${KEY_MAX} characters.` });
  }
  const keyed: KeyedRequest = { scope: a.ctx.actor, key, method: 'POST', path: a.request.url, body: stringify(a.request.body ?? null) };
  const stored = await beginKeyed(keyring(a.ctx), keyed);
  if (stored) return new Reply({ status: stored.status, body: stored.body, headers: { 'idempotent-replayed': 'true' } });
  return run(a, keyed);
}

/** Calls of an organization, which name no environment, have their keys with the organization. */
const ownerOf = (ctx: Ctx): string => ctx.environmentId || ctx.organizationId;
const keyring = (ctx: Ctx): Ctx => ({ ...ctx, environmentId: ownerOf(ctx) });

async function run(a: { ctx: Ctx; request: FastifyRequest; run(): Promise<Reply> }, keyed: KeyedRequest): Promise<Reply> {
  try {
    const reply = await a.run();
    await finishKeyed(keyring(a.ctx), { request: keyed, answer: { status: reply.status, body: reply.body } });
    return reply;
  } catch (error) {
    const wire = toWire(error);
    if (!(error instanceof Refusal) || wire.status >= FIRST_SERVER_ERROR) await dropKeyed(keyring(a.ctx), keyed);
    else await finishKeyed(keyring(a.ctx), { request: keyed, answer: { status: wire.status, body: envelope(wire, a.request.id) } });
    throw error;
  }
}
