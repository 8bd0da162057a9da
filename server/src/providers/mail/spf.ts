/** Whether a domain's SPF record lets an address send for it (RFC 7208, without macros). Pure but for the resolver. */
import { BlockList, isIP } from 'node:net';

/** Answers of name servers; an empty list where the name or the type does not exist, thrown where nobody answered. */
export type Resolver = {
  txt(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
};

/** RFC 7208 4.6.4: more look-ups are a permanent error. */
const LOOKUPS_MAX = 10;
const MX_MAX = 10;

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror';
type Walk = { resolver: Resolver; ip: string; lookups: number };

class PermanentError extends Error {}

/** The result of check_host() for one address. */
export async function checkSpf(a: { resolver: Resolver; domain: string; ip: string }): Promise<SpfResult> {
  try {
    return await checkHost({ resolver: a.resolver, ip: a.ip, lookups: 0 }, a.domain);
  } catch (error) {
    if (error instanceof PermanentError) return 'permerror';
    throw error;
  }
}

/** The one SPF record of a domain; null where there is none. Two are an error (RFC 7208 4.5). */
export function spfRecordOf(texts: readonly string[]): string | null {
  const records = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  if (records.length > 1) throw new PermanentError('two SPF records');
  return records[0] ?? null;
}

async function checkHost(walk: Walk, domain: string): Promise<SpfResult> {
  const record = spfRecordOf(await walk.resolver.txt(domain));
  if (record === null) return 'none';
  const terms = record
    .split(/ +/)
    .slice(1)
    .filter((term) => term !== '');
  for (const term of terms) {
    const mechanism = /^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.*))?$/i.exec(term);
    if (!mechanism) continue;
    const [, qualifier = '', name = '', mark = '', rest = ''] = mechanism;
    if (await matches(walk, { domain, name: name.toLowerCase(), value: mark === '/' ? `/${rest}` : rest })) return resultOf(qualifier);
  }
  const redirect = terms.map((term) => /^redirect=(.+)$/i.exec(term)?.[1]).find((target) => target !== undefined);
  if (redirect === undefined) return 'neutral';
  countLookup(walk);
  const result = await checkHost(walk, redirect);
  return result === 'none' ? 'permerror' : result;
}

async function matches(walk: Walk, a: { domain: string; name: string; value: string }): Promise<boolean> {
  switch (a.name) {
    case 'all':
      return true;
    case 'ip4':
    case 'ip6':
      return isWithin(walk.ip, a.value);
    case 'include':
      return includes(walk, a.value);
    case 'a':
    case 'mx':
      return hostMatches(walk, a);
    default:
      // ptr is not to be used, exists works by macros only: neither says yes here.
      countLookup(walk);
      return false;
  }
}

async function includes(walk: Walk, domain: string): Promise<boolean> {
  countLookup(walk);
  const result = await checkHost(walk, domain);
  if (result === 'none' || result === 'permerror') throw new PermanentError(`include:${domain} has no SPF record`);
  return result === 'pass';
}

async function hostMatches(walk: Walk, a: { domain: string; name: string; value: string }): Promise<boolean> {
  countLookup(walk);
  const parts = /^([^/]*)(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(a.value);
  if (!parts) throw new PermanentError(`cannot read ${a.name}:${a.value}`);
  const [, host, bits4, bits6] = parts;
  const target = host || a.domain;
  const hosts = a.name === 'mx' ? (await walk.resolver.mx(target)).slice(0, MX_MAX) : [target];
  const bits = isIP(walk.ip) === 4 ? bits4 : bits6;
  for (const name of hosts) {
    for (const address of await walk.resolver.addresses(name)) {
      if (isIP(address) === isIP(walk.ip) && isWithin(walk.ip, bits === undefined ? address : `${address}/${bits}`)) return true;
    }
  }
  return false;
}

function isWithin(ip: string, network: string): boolean {
  const [address = '', bits] = network.split('/');
  const kind = isIP(address);
  if (kind === 0) throw new PermanentError(`cannot read the network ${network}`);
  if (kind !== isIP(ip)) return false;
  const most = kind === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) throw new PermanentError(`cannot read the network ${network}`);
  const list = new BlockList();
  list.addSubnet(address, prefix, kind === 4 ? 'ipv4' : 'ipv6');
  return list.check(ip, kind === 4 ? 'ipv4' : 'ipv6');
}

function countLookup(walk: Walk): void {
  walk.lookups += 1;
  if (walk.lookups > LOOKUPS_MAX) throw new PermanentError('more than ten look-ups');
}

function resultOf(qualifier: string): SpfResult {
  return ({ '': 'pass', '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const)[qualifier] ?? 'permerror';
}
