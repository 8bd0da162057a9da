import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { assertNoTransaction } from './database.ts';

/** Calls to addresses that a tenant typed (webhook endpoints, logos). Operator-set addresses (SMTP host, DATABASE_URL) are outside. */
export type HttpOut = {
  /** Sends one request under the guard of reliability.md 11.2; throws HttpOutRefused for a forbidden address. Never follows redirects. */
  request(a: OutgoingRequest): Promise<OutgoingAnswer>;
};

export type OutgoingRequest = {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Plain http to loopback, for sandbox environments by explicit setting. */
  allowLoopback?: boolean;
  maxBytes?: number;
};
export type OutgoingAnswer = { status: number; headers: Record<string, string>; body: Buffer };

/** The address is one we never call. */
export class HttpOutRefused extends Error {
  override name = 'HttpOutRefused';
}

const TOTAL_MS = 15_000;
const ANSWER_MAX_BYTES = 16 * 1024;
const BLOCKED_V4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
const BLOCKED_V6 =
  '::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8';

/** The real client. */
export function createHttpOut(): HttpOut {
  return {
    request: async (a) => {
      assertNoTransaction('A request to another server');
      const url = checkUrl(a);
      return send({ ...a, url });
    },
  };
}

/** True for addresses inside the host or its network, in either notation. */
export function isBlockedAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isBlockedAddress(mapped);
  const kind = isIP(address);
  if (kind === 0) return true;
  return blocked().check(address, kind === 4 ? 'ipv4' : 'ipv6');
}

function checkUrl(a: OutgoingRequest): URL {
  if (!URL.canParse(a.url)) throw new HttpOutRefused('Not an address');
  const url = new URL(a.url);
  if (url.username !== '' || url.password !== '') throw new HttpOutRefused('An address must not carry credentials');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLoopback = host === 'localhost' || host === '::1' || /^127\./.test(host);
  if (a.allowLoopback && isLoopback) return url;
  if (url.protocol !== 'https:') throw new HttpOutRefused('Only https addresses are called');
  if (url.port !== '') throw new HttpOutRefused('Only port 443 is called');
  if (isIP(host) !== 0 && isBlockedAddress(host)) throw new HttpOutRefused(`${host} is inside a private network`);
  return url;
}

function send(a: Omit<OutgoingRequest, 'url'> & { url: URL }): Promise<OutgoingAnswer> {
  const start = a.url.protocol === 'https:' ? httpsRequest : httpRequest;
  const limit = a.maxBytes ?? ANSWER_MAX_BYTES;
  return new Promise((resolve, reject) => {
    const outgoing = start(a.url, {
      method: a.method,
      headers: { ...a.headers, ...(a.body === undefined ? {} : { 'content-length': Buffer.byteLength(a.body) }) },
      signal: AbortSignal.timeout(TOTAL_MS),
      ...(a.allowLoopback ? {} : { lookup: checkedLookup }),
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        const room = limit - size;
        if (room > 0) chunks.push(chunk.subarray(0, room));
        size += chunk.length;
        if (size > limit) answer.destroy();
      });
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) }));
      answer.on('error', reject);
    });
    outgoing.end(a.body);
  });
}

/** Resolves once, checks every address, and the connection uses exactly that answer. */
const checkedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const bad = addresses.find(({ address }) => isBlockedAddress(address));
    if (bad) return callback(new HttpOutRefused(`${hostname} resolves to ${bad.address}, inside a private network`), []);
    const first = addresses[0];
    if (options.all || first === undefined) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

function blocked(): BlockList {
  const list = new BlockList();
  for (const [ranges, kind] of [
    [BLOCKED_V4, 'ipv4'],
    [BLOCKED_V6, 'ipv6'],
  ] as const) {
    for (const range of ranges.split(' ')) {
      const [network, bits] = range.split('/');
      list.addSubnet(network as string, Number(bits), kind);
    }
  }
  return list;
}

/** True for an IPv4 or IPv6 literal without brackets. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0;
}
