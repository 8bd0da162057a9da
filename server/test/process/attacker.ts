/**
 * Run as a process of its own: sends hostile deliveries to one address, 64 at once, until its time is over, and prints how each ended.
 * `node attacker.ts <url> <milliseconds>`.
 */
import { randomBytes } from 'node:crypto';
import { Agent, type ClientRequest, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const AT_ONCE = 64;
const MIB = 1024 * 1024;
const HUGE_BYTES = 100 * MIB;
const SLOW_BYTE_MS = 1_000;

const [url = '', lasts = '0'] = process.argv.slice(2);
const ends = performance.now() + Number(lasts);
const isOver = () => performance.now() >= ends;
const outcomes: Record<string, number> = {};
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
const signature = () => `t=${Math.floor(Date.now() / 1000)},v1=${randomBytes(32).toString('hex')}`;
const bomb = gzipSync(Buffer.alloc(10 * MIB));
const nearlyAllowed = Buffer.from(JSON.stringify({ id: 'evt_forged', pad: 'x'.repeat(MIB - 200) }));

/** Resolves with what came of it: the status, or how the connection ended. */
function send(headers: Record<string, string | number>, write: (out: ClientRequest) => Promise<void> | void): Promise<string> {
  return new Promise((resolve) => {
    const out = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature(), ...headers },
    });
    out.on('response', (answer) => {
      answer.resume();
      resolve(String(answer.statusCode));
      // What is still to be sent is not: the next one is waiting.
      answer.on('end', () => out.destroy());
    });
    out.on('error', (error) => resolve((error as { code?: string }).code ?? 'error'));
    void write(out);
  });
}

async function stream(out: ClientRequest): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < HUGE_BYTES && !out.destroyed && !isOver(); sent += chunk.length) {
    if (!out.write(chunk)) await Promise.race([new Promise((drained) => out.once('drain', drained)), wait(100)]);
  }
  out.end();
}

async function drip(out: ClientRequest): Promise<void> {
  while (!out.destroyed && !isOver()) {
    out.write('x');
    await wait(SLOW_BYTE_MS);
  }
  out.destroy();
}

const KINDS: [name: string, attack: () => Promise<string>][] = [
  ['stream', () => send({ 'transfer-encoding': 'chunked' }, stream)],
  ['claimed', () => send({ 'content-length': HUGE_BYTES }, (out) => void out.write(Buffer.alloc(1024)))],
  ['bomb', () => send({ 'content-encoding': 'gzip', 'content-length': bomb.length }, (out) => void out.end(bomb))],
  ['forged', () => send({ 'content-length': nearlyAllowed.length }, (out) => void out.end(nearlyAllowed))],
  ['slow', () => send({ 'content-length': MIB }, drip)],
];

async function attacker(n: number): Promise<void> {
  const [name, attack] = KINDS[n % KINDS.length] as (typeof KINDS)[number];
  while (!isOver()) {
    const outcome = `${name} ${await Promise.race([attack(), wait(ends - performance.now()).then(() => 'unfinished')])}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => attacker(n)));
process.stdout.write(`${JSON.stringify(outcomes)}\n`, () => process.exit(0));
