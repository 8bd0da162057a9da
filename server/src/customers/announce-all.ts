import type { Ctx } from '../kit/context.ts';
import { announce } from '../kit/events.ts';
import type { Announcement, Witness } from './mirror.ts';

/** Announces each transition once, in the caller's transaction: a key that was announced before is left alone. */
export async function announceAll(
  tx: Ctx,
  a: { objectType: string; objectId: string; data: Record<string, unknown>; witness: Witness; announcements: readonly Announcement[] },
): Promise<void> {
  for (const { type, key, data, previous } of a.announcements) {
    await announce(tx, {
      type,
      objectType: a.objectType,
      objectId: a.objectId,
      data: { ...a.data, ...data, witness_at: a.witness.witnessAt?.toString() ?? null, historical: a.witness.silent },
      ...(previous ? { previous } : {}),
      ...(a.witness.cause ? { cause: a.witness.cause } : {}),
      dedupeKey: [type, a.objectId, ...(key ? [key] : [])].join(':'),
    });
  }
}
