import { randomBytes } from 'node:crypto';
import type { MachineClock } from './machine-clock.ts';

/** Ids and all other chance of the server. */
export type Ids = {
  /** `customer_01j…`: the kind, then 26 Crockford base-32 characters that sort by time of making, within one process strictly. */
  make(kind: string): string;
  /** Unpredictable bytes. */
  random(bytes: number): Uint8Array;
  /** Unpredictable letters and digits. */
  token(characters: number): string;
  /** In [0, 1): jitter of retries. */
  fraction(): number;
};

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHARACTERS = 26;
const RANDOM_BYTES = 10;
const RANDOM_BITS = 80n;
const STOCK_IDS = 100;
const PIECE_CHARACTERS = 8;
const PIECE_BITS = 40n;
const PIECE_MASK = (1n << PIECE_BITS) - 1n;
const BASE62_FAIR = 248;

/** A new id of the kind, e.g. newId(ctx, 'customer'). */
export function newId(from: { app: { ids: Ids } } | { ids: Ids }, kind: string): string {
  return 'app' in from ? from.app.ids.make(kind) : from.ids.make(kind);
}

/** The real source of ids: time of the machine clock, chance of the operating system. */
export function systemIds(machineClock: MachineClock, random: (bytes: number) => Uint8Array = (bytes) => randomBytes(bytes)): Ids {
  let last = 0n;
  const chance = inStock(random);
  const next = (): bigint => {
    const fresh = (BigInt(machineClock.now().epochMilliseconds) << RANDOM_BITS) | toBigInt(chance(RANDOM_BYTES));
    // Two ids of one millisecond, or after the clock went back, still sort in the order they were made.
    last = fresh >> RANDOM_BITS > last >> RANDOM_BITS ? fresh : last + 1n;
    return last;
  };
  return {
    make: (kind) => `${kind}_${encode(next())}`,
    random,
    token: (characters) => token(characters, random),
    fraction: () => Number(toBigInt(random(6))) / 2 ** 48,
  };
}

/** Fetches chance for many ids at once: one call to the operating system each would cost more than the rest of an id. */
function inStock(random: (bytes: number) => Uint8Array): (bytes: number) => Uint8Array {
  let stock: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (bytes) => {
    if (used + bytes > stock.length) {
      stock = random(STOCK_IDS * bytes);
      used = 0;
    }
    used += bytes;
    return stock.subarray(used - bytes, used);
  };
}

/** In pieces of 8 characters, which fit a plain number. */
function encode(value: bigint): string {
  let text = '';
  for (let rest = value; text.length < CHARACTERS; rest >>= PIECE_BITS) {
    let piece = Number(rest & PIECE_MASK);
    for (let n = 0; n < PIECE_CHARACTERS && text.length < CHARACTERS; n++) {
      text = CROCKFORD[piece % 32] + text;
      piece = Math.floor(piece / 32);
    }
  }
  return text;
}

function token(characters: number, random: (bytes: number) => Uint8Array): string {
  let text = '';
  while (text.length < characters) {
    for (const byte of random(characters)) if (byte < BASE62_FAIR && text.length < characters) text += BASE62[byte % 62];
  }
  return text;
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`);
}
