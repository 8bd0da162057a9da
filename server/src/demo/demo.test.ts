import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../config.ts';
import { type Demo, runDemo } from './demo.ts';
import { instantOf } from './story.ts';
import { formatSummary } from './summary.ts';

/** The demo always uses the embedded database, so one engine's run tells all there is. */
const otherEngine = inject('databaseUrl') !== null;
const TIMEOUT_MS = 240_000;

describe.skipIf(otherEngine)('npm run demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'billow-demo-'));
  const ports = { BILLOW_PORT: '0', BILLOW_STRIPE_SANDBOX_PORT: '0', BILLOW_SMTP_PORT: '0' };
  let demo: Demo;
  beforeAll(async () => {
    demo = await runDemo(readConfig({ env: { ...ports, BILLOW_DATA_DIR: folder, BILLOW_LOG_LEVEL: 'error' } }));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('twelve customers in four months: ten stay, two leave', () => {
    expect(demo.summary).toMatchObject({ customers: 12, subscriptions: { active: 10, canceled: 2 } });
  });

  test('it sends each mail that it should, and nothing else', () => {
    // Counted by hand from the story. Renewals: those seven days ahead of a monthly period's end, not of the last one of who leaves.
    expect(demo.summary.mails).toEqual({
      'subscription.created': 12,
      'subscription.canceled': 2,
      'subscription.renewing': 26,
      'trial.ending': 3,
      'payment.received': 37,
      'payment.failed': 1,
      'refund.completed': 1,
    });
    expect(demo.summary.mailsNotSent).toEqual({});
  });

  test('every mail is in the Mailbox once', async () => {
    const { pool } = demo.server.app;
    const { rows } = await pool.query('select count(*)::int as mails, count(distinct message_id)::int as messages from captured_mails');
    expect(rows).toEqual([{ mails: 82, messages: 82 }]);
  });

  test('the money adds up to the cent', () => {
    const yearly = 2 * 79_000;
    const monthly = 4 * 1900 + 4 * 7900 + 3 * 1900 + 4 * 7900 + 4 * 1900 + 4 * 8800 + 4 * 7900 + 3 * 900 + 3 * 1900;
    expect(demo.summary.invoices).toEqual({ all: 41, paid: 37, withoutCharge: 4, open: 0 });
    // Ben moves from Starter to Team five days into his fourth month, and pays for the fifth in full.
    const upgrade = BigInt(yearly + monthly + 7900) + differenceForRestOfMonth(Temporal.Instant.from(demo.summary.from));
    expect(demo.summary.revenue).toEqual({ currency: 'usd', collected: upgrade, returned: 2000n });
    expect(demo.summary.payments).toEqual({ declined: 1, recovered: 1 });
    expect(demo.summary.refunds).toBe(1);
  });

  test('the summary is readable', () => {
    const text = formatSummary(demo.summary);
    expect(text).toMatch(/^Fjord Analytics, \d{4}-\d\d-01 to \d{4}-\d\d-02$/m);
    expect(text).toMatch(/^ {2}Invoices +41: 37 paid, 4 without a charge, 0 open$/m);
    expect(text).toMatch(/^ {2}Revenue +\$3,\d{3}\.\d\d, of which \$20\.00 went back in 1 refund$/m);
    expect(text).toMatch(/^ {2}Payments +1 declined, 1 of them recovered$/m);
    expect(text).toMatch(/^ {2}Mails sent +82$/m);
    expect(text).toMatch(/^ {4}trial\.ending +3$/m);
  });

  test('a second demo in the same folder is refused while this one runs', async () => {
    await expect(runDemo(readConfig({ env: { ...ports, BILLOW_DATA_DIR: folder } }))).rejects.toMatchObject({ name: 'DataDirInUse' });
  });
});

/** billing.md SU-24, each side rounded by itself as Stripe does: credit for Starter and debit for Team for the seconds that are left. */
function differenceForRestOfMonth(from: Temporal.Instant): bigint {
  const [start, change, end] = [
    instantOf(from, { month: 3, day: 0 }),
    instantOf(from, { month: 3, day: 5 }),
    instantOf(from, { month: 4, day: 0 }),
  ];
  const share = (end.epochMilliseconds - change.epochMilliseconds) / (end.epochMilliseconds - start.epochMilliseconds);
  return BigInt(Math.round(7900 * share) - Math.round(1900 * share));
}
