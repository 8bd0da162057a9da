import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import nodemailer from 'nodemailer';
import type { Postgres } from '../../scripts/lib/postgres.ts';
import { openEmbedded } from '../../server/src/kit/engine-pglite.ts';
import { openPostgres } from '../../server/src/kit/engine-postgres.ts';
import { readMigrations } from '../../server/src/kit/migrations.ts';
import { readTemplate } from '../../server/src/kit/template.ts';
import { freshDatabase } from '../lib/databases.ts';
import { startFloor } from '../lib/floor.ts';
import { type MailWorld, openMailWorld } from '../lib/mail-world.ts';
import { median, type Row } from '../lib/report.ts';

const ROUNDS = 3;
const MAILS_PER_ROUND = 600;
const CONNECTIONS = 5;
const RESPECTABLE = 0.25;

/** Mails per second from the recorded payment to the recorded delivery, against rendering the same text and sending it over the same pooled SMTP. */
export async function mails(a: { postgres: Postgres | null }): Promise<Row[]> {
  const sink = await startFloor({ name: 'sink', databaseUrl: null });
  const smtpPort = Number(new URL(sink.url).port);
  const folder = mkdtempSync(join(tmpdir(), 'billow-mails-'));
  const url = await freshDatabase(a.postgres);
  const template = url ? null : await readTemplate(await readMigrations());
  const database = url ? await openPostgres({ url }) : await openEmbedded({ folder: join(folder, 'database'), template });
  const world = await openMailWorld({ database, smtpPort });
  const bare = await openBare(world, smtpPort);
  const rates = { ours: [] as number[], floor: [] as number[] };
  try {
    await ourRound(world, 50);
    for (let round = 0; round < ROUNDS; round++) {
      rates.floor.push(await bare.round(MAILS_PER_ROUND));
      rates.ours.push(await ourRound(world, MAILS_PER_ROUND));
    }
  } finally {
    bare.close();
    await world.close();
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(rates.ours) / median(rates.floor);
  return [
    {
      name: `mail sent end to end, ${a.postgres ? 'PostgreSQL' : 'PGlite'}`,
      ours: `${Math.round(median(rates.ours))}/s`,
      floor: `${Math.round(median(rates.floor))}/s`,
      ratio,
      target: `>= ${RESPECTABLE}`,
      reached: ratio >= RESPECTABLE,
    },
  ];
}

async function ourRound(world: MailWorld, count: number): Promise<number> {
  await world.owe(count);
  const before = await world.sent();
  const started = performance.now();
  await world.send();
  const seconds = (performance.now() - started) / 1000;
  const sent = (await world.sent()) - before;
  if (sent !== count) throw new Error(`${sent} of ${count} mails were sent: the figure would mean nothing`);
  return sent / seconds;
}

/** The same stored text through bare liquidjs with plain strings, and bare nodemailer on as many connections. */
async function openBare(world: MailWorld, port: number): Promise<{ round(count: number): Promise<number>; close(): void }> {
  const version = await world.app.db
    .selectFrom('email_template_versions')
    .innerJoin('email_templates', (join) =>
      join
        .onRef('email_templates.environment_id', '=', 'email_template_versions.environment_id')
        .onRef('email_templates.id', '=', 'email_template_versions.template_id'),
    )
    .select(['email_template_versions.html', 'email_template_versions.text'])
    .where('email_templates.environment_id', '=', world.environmentId)
    .where('email_templates.trigger', '=', 'payment.received')
    .where('email_template_versions.locale', '=', 'en')
    .executeTakeFirstOrThrow();
  const liquid = new Liquid();
  for (const name of ['money', 'date']) liquid.registerFilter(name, (value: unknown) => value);
  const html = liquid.parse(version.html ?? '');
  const text = liquid.parse(version.text ?? '');
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: CONNECTIONS, maxMessages: Infinity });
  const facts = {
    customer: { name: 'Ada' },
    payment: { amount: '$49.00', date: 'January 1, 2026' },
    invoice: { number: 'ACME-0001', paid_amount: '$49.00' },
    links: { receipt: 'https://example.org/receipt', pay: 'https://example.org/pay' },
    brand: { name: 'Acme', support_email: 'help@example.org' },
    product: { name: 'Acme Pro' },
  };
  return {
    round: async (count) => {
      const started = performance.now();
      await Promise.all(
        Array.from({ length: count }, (_, n) =>
          transport.sendMail({
            from: { name: 'Acme', address: 'billing@example.org' },
            to: `customer${n}@example.org`,
            subject: 'Receipt',
            html: String(liquid.renderSync(html, facts)),
            text: String(liquid.renderSync(text, facts)),
          }),
        ),
      );
      return count / ((performance.now() - started) / 1000);
    },
    close: () => transport.close(),
  };
}
