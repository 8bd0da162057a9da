import type { Doc, Tx } from '../../kernel/types.ts';

/** The meter that takes events of a name: the active one, else the newest archived one. */
export async function meterNamed(tx: Tx, eventName: string): Promise<Doc | undefined> {
  const found = await tx.query({ object: 'billing.meter', where: { ref: eventName } });
  return found.find((meter) => meter.status === 'active') ?? found[0];
}
