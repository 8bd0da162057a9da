import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../../../test/support/world.ts';
import { WEBHOOK_BODY_BYTES } from '../limits.ts';

/** A tenth of the long run's sizes (reliability.md 3): 10 MB where it sends 100, and a tenth of its memory figure per case would be noise. */
const STREAM_BYTES = 10 * 1024 * 1024;
const BOMB_BYTES = 100 * 1024 * 1024;
const AT_ONCE = 64;
const GROWTH_MAX_BYTES = 64 * 1024 * 1024;
/** The attackers live in this process too and take its time, so the middle counts here and p99 in the long run. */
const OTHERS_MEDIAN_MS = 1_000;
const SHORT_MS = 300;
const TIMEOUT_MS = 60_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  world.server.app.config.bodyTimeoutMs = null;
});
afterAll(() => world?.close());

type Open = { outgoing: ClientRequest; answer: Promise<{ status: number; body: string }> };

/** A delivery whose body the test writes itself. The answer may come before the body has ended. */
function open(headers: Record<string, string | number> = {}): Open {
  const outgoing = request(world.webhookUrl, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, agent: false });
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (incoming: IncomingMessage) => {
      // What happens to the rest of our body once we were refused is the server's affair.
      outgoing.removeAllListeners('error').on('error', () => {});
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
  });
  answer.catch(() => {});
  return { outgoing, answer };
}

async function drip(outgoing: ClientRequest): Promise<void> {
  outgoing.on('error', () => {});
  for (let byte = 0; byte < 100 && outgoing.writable && !outgoing.destroyed; byte++) {
    outgoing.write(' ');
    await wait(SHORT_MS / 10);
  }
}

const CUT_OFF = 'cut off' as const;

/** Sends until it is refused. */
async function stream(bytes: number): Promise<number | typeof CUT_OFF> {
  const { outgoing, answer } = open();
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let isAnswered = false;
  void answer.then(
    () => (isAnswered = true),
    () => (isAnswered = true),
  );
  for (let sent = 0; sent < bytes && !isAnswered && !outgoing.destroyed; sent += chunk.length) {
    if (!outgoing.write(chunk)) await wait(1);
  }
  // A refusal may be lost where the connection ended under our own writing.
  const status = await answer.then(
    (answered) => answered.status,
    (): typeof CUT_OFF => CUT_OFF,
  );
  outgoing.destroy();
  return status;
}

/** How long others wait, while `work` goes on. */
async function othersMeanwhile(work: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    const start = performance.now();
    expect((await world.call('GET', '/v1/connections')).status).toBe(200);
    times.push(performance.now() - start);
  }
  await over;
  return times.sort((a, b) => a - b);
}

const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0;

describe('[W10] huge and slow bodies', () => {
  test('[W10] a body that has not arrived in its time is answered 408, however it dawdles, and the connection ends', async () => {
    world.server.app.config.bodyTimeoutMs = SHORT_MS;
    const silent = open({ 'content-length': 100 });
    silent.outgoing.write('{');
    const dripping = open();
    const [one, two] = await Promise.all([silent.answer, dripping.answer, drip(dripping.outgoing)]);
    expect([one.status, JSON.parse(one.body).error.code]).toEqual([408, 'body_too_slow']);
    expect(two.status).toBe(408);
    for (const { outgoing } of [silent, dripping]) outgoing.destroy();
    world.server.app.config.bodyTimeoutMs = null;
    const { outgoing, answer } = open({ 'content-length': 2 });
    outgoing.end('{}');
    expect((await answer).status).toBe(400);
  });

  test('[W10] a caller that goes away in the middle harms nobody', async () => {
    const { outgoing } = open({ 'content-length': 100 });
    outgoing.on('error', () => {});
    outgoing.write('{');
    await wait(20);
    outgoing.destroy();
    expect((await world.call('GET', '/readyz', undefined, { key: null })).status).toBe(200);
  });

  test('[W10] a stream is refused with 413 while it is being read', async () => {
    expect(await stream(STREAM_BYTES)).toBe(413);
    const announced = open({ 'content-length': WEBHOOK_BODY_BYTES + 1 });
    announced.outgoing.write('{');
    expect((await announced.answer).status).toBe(413);
    announced.outgoing.destroy();
  });

  test(
    '[W10] gzip bombs and streams, 64 at once: memory stays, others are served',
    async () => {
      const bomb = gzipSync(Buffer.alloc(BOMB_BYTES, ' '));
      const explode = async () => {
        const { outgoing, answer } = open({ 'content-encoding': 'gzip' });
        outgoing.end(bomb);
        return (await answer).status;
      };
      // Buffers of a first round stay in the pools of the runtime.
      await Promise.all([explode(), stream(STREAM_BYTES)]);
      const before = process.memoryUsage().rss;
      const half = { length: AT_ONCE / 2 };
      const bombs = Promise.all(Array.from(half, explode));
      const streams = Promise.all(Array.from(half, () => stream(STREAM_BYTES)));
      const times = await othersMeanwhile(Promise.all([bombs, streams]));
      expect(new Set(await bombs)).toEqual(new Set([413]));
      expect((await streams).filter((answer) => answer !== 413 && answer !== CUT_OFF)).toEqual([]);
      expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_MAX_BYTES);
      expect(median(times)).toBeLessThan(OTHERS_MEDIAN_MS);
    },
    TIMEOUT_MS,
  );
});
