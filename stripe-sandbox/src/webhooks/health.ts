/** An endpoint that has failed for days is disabled, in test mode too; nothing is sent again for that time [S 3.8]. */
import type { Services } from '../kernel/services.ts';
import { type DeliveryRow, emptyBatch } from '../store/port.ts';

const DAY_MS = 86_400_000;

/** Remembers on each endpoint since when nothing has succeeded; disables it when that is long enough ago. */
export async function noteHealth(services: Services, rows: DeliveryRow[]): Promise<void> {
  const days = services.limits.failingDaysOfEndpoint;
  if (days === Number.POSITIVE_INFINITY) return;
  for (const [endpoint, own] of byEndpoint(rows)) {
    const tried = own.filter((row) => row.responseStatus !== null || row.responseBody !== null);
    if (tried.length > 0) await judge(services, { account: own[0]!.endpointAccount, endpoint, works: tried.some(succeeded), days });
  }
}

async function judge(services: Services, about: { account: string; endpoint: string; works: boolean; days: number }): Promise<void> {
  await services.store.write(about.account, async (writes) => {
    const row = await writes.object(about.account, about.endpoint);
    if (row === undefined || row.deleted || row.doc.status !== 'enabled') return;
    const since: number | undefined = row.doc._failing_since;
    if (about.works ? since === undefined : since !== undefined && services.clock.now() - since < about.days * DAY_MS) return;
    const gone = !about.works && since !== undefined;
    const doc = {
      ...row.doc,
      status: gone ? 'disabled' : 'enabled',
      _failing_since: about.works ? undefined : (since ?? services.clock.now()),
    };
    const account = await writes.account(about.account);
    if (account === undefined) return;
    await writes.commit({ ...emptyBatch(), objects: [{ ...row, doc }], accounts: [{ ...account, seq: account.seq + 1 }] });
  });
}

function byEndpoint(rows: DeliveryRow[]): Map<string, DeliveryRow[]> {
  const groups = new Map<string, DeliveryRow[]>();
  for (const row of rows) groups.set(row.endpoint, [...(groups.get(row.endpoint) ?? []), row]);
  return groups;
}

function succeeded(row: DeliveryRow): boolean {
  return row.status === 'succeeded';
}
