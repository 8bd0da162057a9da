/** A sender as the API shows it (email.md 12): from whom mail comes, by which transport, and what it has proved. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { DB } from '../../kit/schema.generated.ts';
import { isoSeconds } from '../../kit/time.ts';

export type SenderRecord = Selectable<DB['email_senders']>;

export const dnsRecordSchema = z.object({
  record: z.enum(['spf', 'dkim', 'dmarc', 'mx']),
  name: z.string(),
  expected: z.string(),
  found: z.string().nullable(),
  ok: z.boolean(),
});
export type DnsRecord = z.output<typeof dnsRecordSchema>;
/** What is kept of the last look at the domain's records. */
export type DnsState = { dkim_selector?: string | undefined; records?: DnsRecord[] | undefined };

export const senderSchema = z
  .object({
    object: z.literal('email_sender'),
    id: z.string(),
    from_address: z.string(),
    from_name: z.string(),
    reply_to: z.string().nullable(),
    domain: z.string(),
    transport_id: z.string().nullable(),
    status: z.enum(['pending', 'verified', 'failing', 'disabled']),
    is_default: z.boolean(),
    test: z.object({ to: z.string(), sent_at: z.string(), received_at: z.string().nullable() }).nullable(),
    dkim_selector: z.string().nullable(),
    dns: z.array(dnsRecordSchema),
    checked_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'EmailSender' });

export function wireSender(row: SenderRecord): z.input<typeof senderSchema> {
  const dns = row.dns as DnsState;
  const time = (at: Temporal.Instant | null) => at && isoSeconds(at);
  return {
    object: 'email_sender',
    id: row.id,
    from_address: row.from_address,
    from_name: row.from_name,
    reply_to: row.reply_to,
    domain: row.domain,
    transport_id: row.transport_id,
    status: row.status as 'pending',
    is_default: row.is_default,
    test:
      row.test_to === null || row.test_sent_wall_at === null
        ? null
        : { to: row.test_to, sent_at: isoSeconds(row.test_sent_wall_at), received_at: time(row.test_received_wall_at) },
    dkim_selector: dns.dkim_selector ?? null,
    dns: dns.records ?? [],
    checked_at: time(row.checked_wall_at),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
  };
}
