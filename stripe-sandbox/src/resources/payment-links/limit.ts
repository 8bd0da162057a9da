/** A session of a link was completed: it is counted, and a used-up link is switched off. */
import type { Doc, Tx } from '../../kernel/types.ts';

/** Emits payment_link.updated when the link counts its sessions. */
export async function linkCompleted(tx: Tx, session: Doc): Promise<void> {
  if (session.payment_link === null || session.payment_link === undefined) return;
  const link = await tx.get(session.payment_link, { object: 'payment_link' });
  const completed = link?.restrictions?.completed_sessions;
  if (link === undefined || completed === undefined) return;
  const count: number = completed.count + 1;
  link.restrictions = { completed_sessions: { ...completed, count } };
  if (count >= completed.limit) link.active = false;
  tx.put(link);
  tx.emit('payment_link.updated', link);
}
