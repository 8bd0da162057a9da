/** Everything the Sandbox takes from the outside world: time, chance, the network. The only files that touch them are this one and the tests. */
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Account } from './kernel/types.ts';

/** Transport time: signatures, delivery retries, ages. Object time comes from the object's clock instead (sandbox.md 6). */
export type TransportClock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back after `ms`; answers a function that calls it off. */
  after(ms: number, run: () => void): () => void;
};

/** Chance. A seeded one makes ids, and so whole states, repeatable. */
export type RandomPort = {
  /** Letters and digits only: receivers match ids on it. */
  alphanumeric(length: number): string;
  /** In [0, 1). */
  fraction(): number;
};

export type OutgoingRequest = { url: string; headers: Record<string, string>; body: string; timeoutMs: number };
/** `status` null: no answer came. `final`: no retry will change it. */
export type OutgoingAnswer = { status: number | null; body: string; final?: boolean };
/** Sends a webhook. Throws when no answer came; never follows redirects. */
export type Deliver = (request: OutgoingRequest) => Promise<OutgoingAnswer>;

/**
 * What follows the Sandbox's clocks (architecture.md, Advancing simulated time). Instants are epoch seconds; `clock` is the test clock's id.
 * `next`: the follower's own next due instant at or before `until`, or null. `reached`: everything due at the instant is done when it resolves.
 */
export type Follower = {
  next(account: Account, clock: string, until: number): Promise<number | null>;
  reached(account: Account, clock: string, instant: number): Promise<void>;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ANSWER_LIMIT_BYTES = 64 * 1024;

export function systemClock(): TransportClock {
  return {
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

export function systemRandom(): RandomPort {
  return {
    alphanumeric(length) {
      let text = '';
      while (text.length < length) {
        for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
      }
      return text;
    },
    fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  };
}

/** Repeatable chance: the same seed gives the same ids in the same order (mulberry32). */
export function seededRandom(seed: number): RandomPort {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const alphanumeric = (length: number): string => {
    let text = '';
    for (let at = 0; at < length; at += 1) text += ALPHABET[Math.floor(fraction() * 62)];
    return text;
  };
  return { fraction, alphanumeric };
}

/** Posts over HTTP(S) to allowed hosts only; the default list is loopback, so a Sandbox cannot leak to the internet. */
export function httpDeliver(allowedHosts: string[] = ['127.0.0.1', 'localhost', '[::1]']): Deliver {
  return (request) =>
    new Promise((resolve, reject) => {
      const url = new URL(request.url);
      if (!allowedHosts.includes(url.hostname)) {
        reject(new Error(`The Stripe Sandbox delivers only to ${allowedHosts.join(', ')}; ${url.hostname} is not allowed.`));
        return;
      }
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const signal = AbortSignal.timeout(request.timeoutMs);
      const outgoing = send(
        url,
        { method: 'POST', headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) }, signal },
        (answer) => {
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size <= ANSWER_LIMIT_BYTES) chunks.push(chunk);
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
          answer.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
}

/** Lets the process answer what has come meanwhile. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
