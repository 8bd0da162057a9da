/** Looks at the DNS records of a sender's domain and brings its status in line (email.md 12). */
import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { assertNoTransaction, json, transaction } from '../../kit/database.ts';
import { messageOf, refuse } from '../../kit/errors.ts';
import { definePort } from '../../kit/ports.ts';
import { getTransport } from '../transports/queries.ts';
import { openConfig } from '../transports/transport.ts';
import { getSender } from './queries.ts';
import type { DnsRecord, DnsState, SenderRecord } from './sender.ts';
import { settleStatus } from './settle-status.ts';

/** Reads what a domain says about its mail; throws where no name server answers (S2: tests bind their own). */
export type DomainRecords = {
  look(a: { domain: string; dkimSelector: string | null; relay: string | null }): Promise<DnsRecord[]>;
};
export const DomainRecordsPort = definePort<DomainRecords>('domain_records');

/** One look; kept with the sender. Audited where it changed what the sender may do. */
export async function checkDns(ctx: Ctx, id: string): Promise<SenderRecord> {
  assertNoTransaction('asking name servers');
  const sender = await getSender(ctx, id);
  const transport = sender.transport_id === null ? null : await getTransport(ctx, sender.transport_id);
  const relay = transport === null ? null : (openConfig(ctx.app, transport)?.host ?? null);
  const dkimSelector = (sender.dns as DnsState).dkim_selector ?? null;
  const records = await ctx.app.ports
    .get(DomainRecordsPort)
    .look({ domain: sender.domain, dkimSelector, relay })
    .catch((error: unknown) =>
      refuse({
        status: 502,
        code: 'dns_unreachable',
        message: `The name servers of ${sender.domain} could not be asked: ${messageOf(error)}`,
        fix: 'Try again in a moment.',
      }),
    );
  return transaction(ctx, async (tx) => {
    const { numUpdatedRows } = await tx.db
      .updateTable('email_senders')
      .set({ dns: json({ dkim_selector: dkimSelector ?? undefined, records }), checked_wall_at: tx.machineClock.now() })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      // Changed while we looked: these records are not about it.
      .where('rev', '=', sender.rev)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return getSender(tx, id);
    const after = await settleStatus(tx, id);
    if (after.status !== sender.status)
      await writeAudit(tx, {
        action: 'email_sender.checked',
        objectType: 'email_sender',
        objectId: id,
        before: { status: sender.status },
        after: { status: after.status },
      });
    return after;
  });
}
