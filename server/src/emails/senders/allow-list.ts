/** Whom a test environment may write to (email.md V6): addresses and domains, nobody by default. */
import { sql } from 'kysely';
import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { stringify, transaction } from '../../kit/database.ts';
import { refuse } from '../../kit/errors.ts';
import { isSendableAddress, normalizeAddress } from '../messages/address.ts';

export const ALLOW_LIST_MAX = 200;

/** The list as it is kept in the environment's settings. */
export async function readAllowList(ctx: Ctx): Promise<string[]> {
  const row = await ctx.db.selectFrom('environments').select('settings').where('id', '=', ctx.environmentId).executeTakeFirst();
  const list = (row?.settings as { mail_allow_list?: unknown } | undefined)?.mail_allow_list;
  return Array.isArray(list) ? list.map((entry) => normalizeAddress(String(entry))) : [];
}

/** Replaces the list; only test environments have one. Mail that is held for it stays held until a person tries it again. Audited. */
export async function saveAllowList(ctx: Ctx, given: string[]): Promise<string[]> {
  if (ctx.mode !== 'test')
    refuse({
      status: 409,
      code: 'not_a_test_environment',
      message:
        ctx.mode === 'sandbox'
          ? 'A sandbox sends nothing: all of its mail is captured.'
          : 'A live environment writes to its customers, whoever they are.',
    });
  const entries = [...new Set(given.map(normalizeAddress))].sort();
  const wrong = entries.findIndex((entry) => !isSendableAddress(entry.includes('@') ? entry : `x@${entry}`));
  if (wrong >= 0)
    refuse({
      status: 422,
      code: 'invalid_entry',
      param: 'entries',
      message: `"${entries[wrong]}" is neither an address nor a domain.`,
      fix: 'Write ada@example.com, or example.com for everybody there.',
    });
  return transaction(ctx, async (tx) => {
    await sql`select id from environments where id = ${tx.environmentId} for update`.execute(tx.db);
    const before = await readAllowList(tx);
    await sql`update environments set settings = settings || ${stringify({ mail_allow_list: entries })}::jsonb, updated_at = ${tx.machineClock.now()}
      where id = ${tx.environmentId}`.execute(tx.db);
    await writeAudit(tx, {
      action: 'environment.mail_allow_list_set',
      objectType: 'environment',
      objectId: tx.environmentId,
      before: { entries: before.length },
      after: { entries: entries.length },
    });
    return entries;
  });
}

/** Whether a test environment may write to the address: the address itself, or everybody at its domain. */
export function isAllowed(list: readonly string[], address: string): boolean {
  const mine = normalizeAddress(address);
  return list.some((entry) => entry === mine || (!entry.includes('@') && mine.endsWith(`@${entry}`)));
}
