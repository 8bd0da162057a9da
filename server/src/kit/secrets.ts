import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** Where a secret lives. It is part of the key and of the authenticated data, so a value copied to another row does not open. */
export type SecretPlace = { table: string; column: string; rowId: string; environmentId: string; organizationId?: string };

export type Secrets = {
  /** `v1.<key id>.<nonce>.<ciphertext+tag>` as bytes, for a `bytea` column. */
  seal(place: SecretPlace, plaintext: string): Uint8Array;
  /** Opens what `seal` made for the same place; throws SecretUnreadable otherwise. */
  open(place: SecretPlace, sealed: Uint8Array): Secret;
  /** HMAC-SHA-256 under a key derived for the purpose: API keys, tokens. */
  digest(purpose: string, value: string): Uint8Array;
  /** Names the master key without revealing it. */
  keyId: string;
};

/** A value that cannot be printed by accident. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The plain value; call it where the value leaves for its purpose, nowhere else. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

export class SecretUnreadable extends Error {
  override name = 'SecretUnreadable';
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Secrets under one master key (32 bytes). */
export function createSecrets(a: { masterKey: Uint8Array; random: (bytes: number) => Uint8Array }): Secrets {
  if (a.masterKey.length !== KEY_BYTES) throw new Error(`The master key must have ${KEY_BYTES} bytes, it has ${a.masterKey.length}.`);
  const keyId = createHash('sha256').update(a.masterKey).digest('hex').slice(0, 8);
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', a.masterKey, new Uint8Array(), info, KEY_BYTES));
  return {
    keyId,
    seal: (place, plaintext) => {
      const nonce = a.random(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, derive(keyInfo(place)), nonce).setAAD(authenticated(place));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return Buffer.from(`v1.${keyId}.${Buffer.from(nonce).toString('base64url')}.${body.toString('base64url')}`);
    },
    open: (place, sealed) => open({ place, sealed, keyId, key: derive(keyInfo(place)) }),
    digest: (purpose, value) =>
      createHmac('sha256', derive(`billow/v1/digest/${purpose}`))
        .update(value)
        .digest(),
  };
}

/** Compares in constant time; false for different lengths. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256 of a text, for hashes that need no key (bodies, states). */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function open(a: { place: SecretPlace; sealed: Uint8Array; keyId: string; key: Buffer }): Secret {
  const [version, keyId, nonce, body] = Buffer.from(a.sealed).toString('utf8').split('.');
  if (version !== 'v1' || nonce === undefined || body === undefined) throw new SecretUnreadable(`${where(a.place)} is not sealed`);
  if (keyId !== a.keyId)
    throw new SecretUnreadable(`${where(a.place)} was sealed with the master key ${keyId}; this server has ${a.keyId}`);
  const bytes = Buffer.from(body, 'base64url');
  const decipher = createDecipheriv(CIPHER, a.key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
  try {
    decipher.setAAD(authenticated(a.place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return new Secret(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8'));
  } catch {
    throw new SecretUnreadable(`${where(a.place)} does not open: it was changed or belongs to another row`);
  }
}

function keyInfo(place: SecretPlace): string {
  return `billow/v1/${place.table}/${place.column}/${place.rowId}`;
}

function authenticated(place: SecretPlace): Buffer {
  return Buffer.from([place.organizationId ?? '', place.environmentId, place.table, place.column, place.rowId].join('·'));
}

function where(place: SecretPlace): string {
  return `${place.table}.${place.column} of ${place.rowId}`;
}
