import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type FirstRun, type Started, startServer } from '../../../scripts/lib/server-process.ts';
import { fine, type Sink, smtpSink } from '../support/smtp-sink.ts';
import { all, stripeOf } from './api.ts';
import { freePort } from './free-port.ts';
import { handOversOf, inEnvironment, type MailingEnvironment, makeMailingEnvironment, RECIPIENTS } from './mailing-environment.ts';
import { ownDatabase } from './own-database.ts';
import { A_MINUTE_PASSES, whileDead } from './while-dead.ts';

/**
 * Where the process dies: after it has said this much to the mail server. `.` is the end of the text, before the server answers it; at
 * `answered` the server has taken the mail, and nobody has written that down.
 */
const POINTS = ['CONNECT', 'MAIL', 'RCPT', 'DATA', '.', 'answered'] as const;
type Point = (typeof POINTS)[number];

/** Two mails each. At most five are on the wire when the process dies (one per connection), so that every point finds some. */
const CUSTOMERS = 24;
const MAILS = CUSTOMERS * 2;
const MOST_ON_THE_WIRE = 5;
const LOOK_MS = 250;
const PATIENCE_MS = 90_000;
const TEST_TIMEOUT_MS = 600_000;

const dataDir = mkdtempSync(join(tmpdir(), 'billow-kill-mail-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('[M1] killed at six points of a hand-over: no mail leaves twice, what may have left is unknown and listed, the rest arrives', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const at = { dataDir, databaseUrl: await ownDatabase(), sandboxPort: await freePort() };
  const killer: Killer = { point: null, strike: () => {} };
  const sink = await smtpSink((command) => answerOf(killer, command));
  try {
    const environment = await plan(at, sink);
    const onTheWire: number[] = [];
    for (const point of POINTS) {
      await whileDead(at, A_MINUTE_PASSES);
      const before = sink.mails.length;
      await dieAt(at, killer, point);
      onTheWire.push(sink.mails.length - before);
    }
    // Up to the end of the text nothing is a mail; from there on at least the one that the process died for is.
    expect(onTheWire.slice(4).every((mails) => mails >= 1)).toBe(true);
    await whileDead(at, A_MINUTE_PASSES);
    await everythingEnds(at, { environment, sink });
  } finally {
    await sink.close();
  }
});

type Place = { dataDir: string; databaseUrl: string | null; sandboxPort: number };
type Killer = { point: Point | null; strike(): void };

/** Says what a mail server says; at the point it strikes first, and where the answer would be too late it says nothing. */
function answerOf(killer: Killer, command: string): string | null {
  if (command === killer.point) {
    killer.strike();
    return null;
  }
  if (command === '.' && killer.point === 'answered') setImmediate(killer.strike);
  return fine(command);
}

/** The first life: the environment, its customers, and every mail planned and none sent. */
async function plan(at: Place, sink: Sink): Promise<MailingEnvironment> {
  const server = await startServer(at);
  const environment = await makeMailingEnvironment(server.firstRun, { port: sink.port });
  const mine = inEnvironment(server.firstRun, environment);
  const stripe = stripeOf(mine);
  const product = await stripe.products.create({
    name: 'Acme Pro',
    default_price_data: { currency: 'usd', unit_amount: 4900, recurring: { interval: 'month' } },
  });
  for (let n = 0; n < CUSTOMERS; n++) {
    const customer = await stripe.customers.create({
      name: `Customer ${n}`,
      email: `c${n}@${RECIPIENTS}`,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: String(product.default_price) }] });
  }
  await until('every mail is planned', async () => (await messagesOf(mine)).length === MAILS);
  expect(sink.mails).toEqual([]);
  await killHard(server);
  return environment;
}

/** One life that ends where the sink is told to end it. */
async function dieAt(at: Place, killer: Killer, point: Point): Promise<void> {
  const server = await startServer(at);
  const gone = once(server.child, 'exit');
  const struck = new Promise<void>((resolve) => {
    killer.strike = () => {
      server.child.kill('SIGKILL');
      resolve();
    };
  });
  killer.point = point;
  const late = wait(PATIENCE_MS).then(() => Promise.reject(new Error(`No mail came to the point ${point}`)));
  late.catch(() => {});
  await Promise.race([struck, late]);
  await gone;
  killer.point = null;
}

/** The last life: everything that may still be sent is, and each message says what became of it. */
async function everythingEnds(at: Place, a: { environment: MailingEnvironment; sink: Sink }): Promise<void> {
  const server = await startServer(at);
  const mine = inEnvironment(server.firstRun, a.environment);
  try {
    const open = ['planned', 'ready', 'sending', 'held'];
    await until('every mail has ended', async () => (await messagesOf(mine)).every(({ status }) => !open.includes(status)));
    const messages = await messagesOf(mine);
    const counts = handOversOf(a.sink.mails);
    const of = (status: string) => messages.filter((message) => message.status === status);
    expect(messages.length).toBe(MAILS);
    expect(of('sent').map(({ id }) => counts.get(id) ?? 0)).toEqual(of('sent').map(() => 1));
    expect([...counts.values()].filter((count) => count > 1)).toEqual([]);
    // Each death leaves at most what was on the wire in doubt; what was claimed and not begun is sent by the next life.
    expect(of('unknown').length).toBeGreaterThanOrEqual(POINTS.length);
    expect(of('unknown').length).toBeLessThanOrEqual(POINTS.length * MOST_ON_THE_WIRE);
    expect(of('sent').length + of('unknown').length).toBe(MAILS);
    const inDoubt = of('unknown').filter(({ id }) => counts.get(id) === 1).length;
    expect(inDoubt).toBeGreaterThanOrEqual(2);
    expect(of('sent').length + inDoubt).toBe(counts.size);
  } finally {
    await server.stop({ keepData: true });
  }
}

async function messagesOf(firstRun: FirstRun): Promise<{ id: string; status: string }[]> {
  return (await all(firstRun, '/v1/emails/messages')).map(({ id, status }) => ({ id: String(id), status: String(status) }));
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    if (await isTrue()) return;
    await wait(LOOK_MS);
  }
  throw new Error(`Waited in vain: ${what}`);
}

async function killHard(server: Started): Promise<void> {
  const gone = once(server.child, 'exit');
  server.child.kill('SIGKILL');
  await gone;
}
