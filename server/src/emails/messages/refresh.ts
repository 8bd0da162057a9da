/** L7.1: what a message is about is read from Stripe again when our copy is old. */
import type { Ctx } from '../../kit/context.ts';
import { messageOf } from '../../kit/errors.ts';
import { type MirroredType, StripeMirrorPort } from '../stripe-mirror.ts';
import type { MessageRow } from './settle.ts';

const TYPES: Record<string, MirroredType> = {
  subscription: 'subscription',
  invoice: 'invoice',
  payment: 'payment_intent',
  refund: 'refund',
};

/** Refreshes the subjects, each once. Answers, per message, why its subject could not be read. */
export async function refreshSubjects(ctx: Ctx, messages: MessageRow[]): Promise<Map<string, string>> {
  const mirror = ctx.app.ports.find(StripeMirrorPort);
  const unreadable = new Map<string, string>();
  if (!mirror) return unreadable;
  const wanted = new Map<string, { type: MirroredType; stripeId: string; messages: string[] }>();
  for (const message of messages) {
    const type = TYPES[message.subject_type];
    if (!type || !message.subject_stripe_id) continue;
    const entry = wanted.get(message.subject_stripe_id) ?? { type, stripeId: message.subject_stripe_id, messages: [] };
    entry.messages.push(message.id);
    wanted.set(message.subject_stripe_id, entry);
  }
  await Promise.all(
    [...wanted.values()].map(async ({ type, stripeId, messages: ids }) => {
      try {
        await mirror.refresh(ctx, { type, stripeId });
      } catch (error) {
        for (const id of ids) unreadable.set(id, messageOf(error));
      }
    }),
  );
  return unreadable;
}
