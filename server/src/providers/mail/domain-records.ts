/** What a domain says about its mail: SPF, DKIM, DMARC, MX (email.md 12). */
import { isIP } from 'node:net';
import type { DnsRecord, DomainRecords } from '../../emails/index.ts';
import { checkSpf, type Resolver } from './spf.ts';

const FOUND_CHARS = 300;

/** Reads through a resolver; thrown errors mean that nobody answered, not that a record is missing. */
export function domainRecords(resolver: Resolver): DomainRecords {
  return {
    look: async ({ domain, dkimSelector, relay }) => [
      await spf(resolver, { domain, relay }),
      ...(dkimSelector === null ? [] : [await dkim(resolver, { domain, selector: dkimSelector })]),
      await dmarc(resolver, domain),
      await mx(resolver, domain),
    ],
  };
}

/** Aligned: the domain of the From, which is the domain of the envelope too, lets every address of the mail server send for it. */
async function spf(resolver: Resolver, a: { domain: string; relay: string | null }): Promise<DnsRecord> {
  const found = (await resolver.txt(a.domain)).filter((text) => /^v=spf1( |$)/i.test(text));
  const addresses = a.relay === null ? [] : isIP(a.relay) === 0 ? await resolver.addresses(a.relay) : [a.relay];
  const results = await Promise.all(addresses.map((ip) => checkSpf({ resolver, domain: a.domain, ip })));
  return {
    record: 'spf',
    name: a.domain,
    expected: a.relay === null ? 'a record v=spf1 …' : `v=spf1 … that lets ${a.relay} send (${addresses.join(', ') || 'no address found'})`,
    found: shown(found),
    ok: results.length > 0 && results.every((result) => result === 'pass'),
  };
}

/** The key is published; that the mail server signs with it shows in the received test mail. An empty p= is a revoked key (RFC 6376 3.6.1). */
async function dkim(resolver: Resolver, a: { domain: string; selector: string }): Promise<DnsRecord> {
  const name = `${a.selector}._domainkey.${a.domain}`;
  const found = await resolver.txt(name);
  const ok = found.length === 1 && /(^|;)\s*p\s*=\s*[A-Za-z0-9+/]{20}/.test(found[0] ?? '');
  return { record: 'dkim', name, expected: 'v=DKIM1; p=<public key>', found: shown(found), ok };
}

async function dmarc(resolver: Resolver, domain: string): Promise<DnsRecord> {
  const name = `_dmarc.${domain}`;
  const found = (await resolver.txt(name)).filter((text) => /^v=DMARC1\b/.test(text));
  return { record: 'dmarc', name, expected: 'v=DMARC1; p=…', found: shown(found), ok: found.length === 1 };
}

async function mx(resolver: Resolver, domain: string): Promise<DnsRecord> {
  const found = await resolver.mx(domain);
  return { record: 'mx', name: domain, expected: 'a server that takes replies and bounces', found: shown(found), ok: found.length > 0 };
}

function shown(found: string[]): string | null {
  return found.length === 0 ? null : found.join(' | ').slice(0, FOUND_CHARS);
}
