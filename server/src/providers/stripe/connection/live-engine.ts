import { sql } from 'kysely';
import type { App } from '../../../kit/context.ts';
import { Refusal, refuse } from '../../../kit/errors.ts';
import { publicUrlOf } from '../address.ts';

const OLDEST_POSTGRES = 150_000;

/** Why a Live connection that exists may not be used on this server as it is now; null where there is none, or nothing is wrong. */
export async function liveEngineProblem(app: App): Promise<string | null> {
  const row = await app.db
    .selectFrom('stripe_connections')
    .select('id')
    .where('livemode', '=', true)
    .where('status', 'in', ['active', 'degraded', 'revoked'])
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  try {
    await requireLiveEngine(app);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/**
 * A Live connection needs a database that survives power loss, a master key that is not beside it, and https (reliability.md 7.4).
 * Refuses with 409 and the precise cause.
 */
export async function requireLiveEngine(app: App): Promise<void> {
  const fix = 'docs/9-operating explains how to move to PostgreSQL.';
  if (app.engine !== 'postgres')
    refuse({
      status: 409,
      code: 'engine_not_durable',
      message: 'A live connection needs PostgreSQL; this server runs on the embedded database.',
      fix,
    });
  const setting = async (name: string) => {
    const { rows } = await sql<{ value: string | null }>`select current_setting(${name}, true) as value`.execute(app.db);
    return rows[0]?.value ?? '';
  };
  if (Number(await setting('server_version_num')) < OLDEST_POSTGRES)
    refuse({ status: 409, code: 'engine_not_durable', message: 'A live connection needs PostgreSQL 15 or later.', fix });
  for (const name of ['fsync', 'full_page_writes']) {
    if ((await setting(name)) !== 'on')
      refuse({ status: 409, code: 'engine_not_durable', message: `PostgreSQL runs with ${name} switched off.`, fix: `Switch ${name} on.` });
  }
  if ((await setting('synchronous_commit')) === 'off') {
    refuse({
      status: 409,
      code: 'engine_not_durable',
      message: 'PostgreSQL runs with synchronous_commit switched off.',
      fix: 'Switch synchronous_commit on.',
    });
  }
  if (app.config.masterKey === null) {
    refuse({
      status: 409,
      code: 'master_key_missing',
      message: 'A live connection needs a master key that is kept apart from the data.',
      fix: 'Set BILLOW_MASTER_KEY.',
    });
  }
  if (!publicUrlOf(app).startsWith('https://')) {
    refuse({
      status: 409,
      code: 'public_url_not_https',
      message: 'A live connection needs a public https address.',
      fix: 'Set BILLOW_PUBLIC_URL to an https address.',
    });
  }
}
