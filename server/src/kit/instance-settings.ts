import type { App } from './context.ts';
import { json } from './database.ts';

/** What the processes of one installation tell each other, beside the environments. */
export type SettingKey = 'public_url' | 'stripe_sandbox_url';

/** A setting as text, or null. */
export async function readSetting(app: App, key: SettingKey): Promise<string | null> {
  const row = await app.db.selectFrom('instance_settings').select('value').where('key', '=', key).executeTakeFirst();
  return typeof row?.value === 'string' ? row.value : null;
}

/** Stores a setting, replacing what was there. */
export async function writeSetting(app: App, key: SettingKey, value: string): Promise<void> {
  const changed = { value: json(value), updated_at: app.machineClock.now() };
  await app.db
    .insertInto('instance_settings')
    .values({ key, ...changed })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(changed))
    .execute();
}
