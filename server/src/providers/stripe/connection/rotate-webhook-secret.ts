import type { Ctx } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { forgetReceiver } from '../inbox/receiver.ts';
import { SECRET_OVERLAP_HOURS } from '../limits.ts';
import type { Connection, StoredWebhookSecret } from './connection.ts';
import { updateConnection } from './queries.ts';
import { sealWebhookSecret } from './secret.ts';

/** Takes a new signing secret into use; the one before stays valid for a day, because deliveries signed with it are still on their way (W9). */
export async function addWebhookSecret(ctx: Ctx, connection: Connection, plaintext: string): Promise<Connection> {
  const now = ctx.machineClock.now();
  const until = now.add({ hours: SECRET_OVERLAP_HOURS }).toString();
  const older = connection.webhookSecrets.filter((secret) => secret.until === null || Temporal.Instant.compare(now, secret.until) < 0);
  const secrets: StoredWebhookSecret[] = [
    { sealed: sealWebhookSecret(ctx.app, connection, plaintext), until: null },
    ...older.map((secret) => ({ sealed: secret.sealed, until: secret.until ?? until })),
  ];
  const changed = await updateConnection(ctx, connection.id, { webhook_secrets_sealed: json(secrets) });
  forgetReceiver(ctx.app, connection.id);
  return changed;
}
