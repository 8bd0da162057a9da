import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';

/** One signed webhook, ready to send. */
export type Signed = { body: Buffer; signature: string };

/** `count` distinct events of one type, signed now, in Stripe's shape and size (about 2 kB). */
export function signedEvents(a: { count: number; secret: string; type: string; account: string; apiVersion: string }): Signed[] {
  const t = Math.floor(Date.now() / 1000);
  const filler = 'x'.repeat(1400);
  return Array.from({ length: a.count }, () => {
    const event = {
      id: `evt_${randomBytes(12).toString('hex')}`,
      object: 'event',
      api_version: a.apiVersion,
      created: t,
      type: a.type,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: {
        object: { id: `cus_${randomBytes(12).toString('hex')}`, object: 'customer', created: t, description: filler, livemode: false },
      },
    };
    const body = Buffer.from(JSON.stringify(event));
    const v1 = createHmac('sha256', a.secret).update(`${t}.`).update(body).digest('hex');
    return { body, signature: `t=${t},v1=${v1}` };
  });
}

export type LoadResult = { sent: number; seconds: number; perSecond: number; p99Ms: number; failures: number };

/** Sends the events over `connections` kept-alive connections until they are used up or the time is over. */
export async function sendAll(a: { url: string; events: Signed[]; connections: number; seconds: number }): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: a.connections });
  const waits: number[] = [];
  let next = 0;
  let failures = 0;
  const started = performance.now();
  const end = started + a.seconds * 1000;
  const worker = async () => {
    while (next < a.events.length && performance.now() < end) {
      const event = a.events[next++] as Signed;
      const at = performance.now();
      const status = await post({ agent, url: a.url, event });
      waits.push(performance.now() - at);
      if (status !== 200) failures++;
    }
  };
  await Promise.all(Array.from({ length: a.connections }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  waits.sort((x, y) => x - y);
  return { sent: waits.length, seconds, perSecond: waits.length / seconds, p99Ms: waits[Math.floor(waits.length * 0.99)] ?? 0, failures };
}

function post(a: { agent: Agent; url: string; event: Signed }): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': a.event.body.length, 'stripe-signature': a.event.signature };
    const sent = request(a.url, { method: 'POST', agent: a.agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(a.event.body);
  });
}
