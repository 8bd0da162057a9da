import { describe, expect, test } from 'vitest';
import { domainRecords } from './domain-records.ts';
import { checkSpf, type Resolver } from './spf.ts';

type Zone = { txt?: Record<string, string[]>; a?: Record<string, string[]>; mx?: Record<string, string[]> };
const resolverOf = (zone: Zone): Resolver => ({
  txt: async (name) => zone.txt?.[name] ?? [],
  addresses: async (name) => zone.a?.[name] ?? [],
  mx: async (name) => zone.mx?.[name] ?? [],
});
const spf = (record: string, more: Zone = {}, ip = '192.0.2.10') =>
  checkSpf({ resolver: resolverOf({ ...more, txt: { 'acme.co': [record], ...more.txt } }), domain: 'acme.co', ip });

describe('[S1] SPF as RFC 7208 reads it', () => {
  const relay: Zone = {
    txt: { 'relay.net': ['v=spf1 ip4:192.0.2.0/28 -all'] },
    a: { 'acme.co': ['192.0.2.10'] },
    mx: { 'acme.co': ['mx.acme.co'] },
  };
  const cases: [record: string, result: string, zone?: Zone, ip?: string][] = [
    ['v=spf1 -all', 'fail'],
    ['v=spf1 ~all', 'softfail'],
    ['v=spf1 ?all', 'neutral'],
    ['v=spf1', 'neutral'],
    ['v=spf1 ip4:192.0.2.10 -all', 'pass'],
    ['v=spf1 ip4:192.0.2.0/29 -all', 'fail'],
    ['v=spf1 ip6:2001:db8::/32 -all', 'pass', {}, '2001:db8::7'],
    ['v=spf1 include:relay.net -all', 'pass', relay],
    ['v=spf1 -include:relay.net +all', 'fail', relay],
    ['v=spf1 include:relay.net -all', 'fail', relay, '192.0.2.200'],
    ['v=spf1 include:nowhere.net -all', 'permerror', relay],
    ['v=spf1 a -all', 'pass', relay],
    ['v=spf1 a/24 -all', 'pass', relay, '192.0.2.99'],
    ['v=spf1 a:other.acme.co -all', 'fail', relay],
    ['v=spf1 mx -all', 'pass', { ...relay, a: { 'mx.acme.co': ['192.0.2.10'] } }],
    ['v=spf1 redirect=relay.net', 'pass', relay],
    ['v=spf1 redirect=nowhere.net', 'permerror', relay],
    ['v=spf1 ip4:nonsense -all', 'permerror'],
    ['v=spf1 ip4:192.0.2.10/40 -all', 'permerror'],
    ['v=spf10 +all', 'none'],
  ];
  for (const [record, result, zone, ip] of cases)
    test(`${record} → ${result}`, async () => expect(await spf(record, zone, ip)).toBe(result));

  test('two records are an error, and so is an eleventh look-up, also in a circle', async () => {
    expect(
      await checkSpf({ resolver: resolverOf({ txt: { 'acme.co': ['v=spf1 +all', 'v=spf1 -all'] } }), domain: 'acme.co', ip: '192.0.2.1' }),
    ).toBe('permerror');
    expect(await spf('v=spf1 include:acme.co -all')).toBe('permerror');
    const names = Array.from({ length: 11 }, (_, n) => `n${n}.net`);
    const many = { txt: Object.fromEntries(names.map((name) => [name, ['v=spf1 -all']])) };
    expect(await spf(`v=spf1 ${names.map((name) => `include:${name}`).join(' ')} +all`, many)).toBe('permerror');
    expect(
      await spf(
        `v=spf1 ${names
          .slice(1)
          .map((name) => `include:${name}`)
          .join(' ')} +all`,
        many,
      ),
    ).toBe('pass');
  });
});

test('[S2] each record is shown with what was expected and what was found', async () => {
  const key = `v=DKIM1; k=rsa; p=${'A'.repeat(40)}`;
  const resolver = resolverOf({
    txt: {
      'acme.co': ['unrelated', 'v=spf1 include:relay.net -all'],
      'relay.net': ['v=spf1 ip4:192.0.2.10 -all'],
      'b1._domainkey.acme.co': [key],
      'gone._domainkey.acme.co': ['v=DKIM1; p='],
    },
    a: { 'smtp.relay.net': ['192.0.2.10'] },
    mx: { 'acme.co': ['mx.acme.co'] },
  });
  const look = (dkimSelector: string | null, relay: string | null = 'smtp.relay.net') =>
    domainRecords(resolver).look({ domain: 'acme.co', dkimSelector, relay });
  expect(await look('b1')).toEqual([
    {
      record: 'spf',
      name: 'acme.co',
      expected: 'v=spf1 … that lets smtp.relay.net send (192.0.2.10)',
      found: 'v=spf1 include:relay.net -all',
      ok: true,
    },
    { record: 'dkim', name: 'b1._domainkey.acme.co', expected: 'v=DKIM1; p=<public key>', found: key, ok: true },
    { record: 'dmarc', name: '_dmarc.acme.co', expected: 'v=DMARC1; p=…', found: null, ok: false },
    { record: 'mx', name: 'acme.co', expected: 'a server that takes replies and bounces', found: 'mx.acme.co', ok: true },
  ]);
  const verdicts = async (selector: string | null, relay: string | null) =>
    (await look(selector, relay)).map((one) => [one.record, one.ok]);
  expect(await verdicts('gone', 'elsewhere.net')).toEqual([
    ['spf', false],
    ['dkim', false],
    ['dmarc', false],
    ['mx', true],
  ]);
  expect(await verdicts(null, null)).toEqual([
    ['spf', false],
    ['dmarc', false],
    ['mx', true],
  ]);
});

test('a name server that does not answer is thrown, never taken for a missing record', async () => {
  const silent: Resolver = { ...resolverOf({}), txt: () => Promise.reject(new Error('ETIMEOUT')) };
  await expect(domainRecords(silent).look({ domain: 'acme.co', dkimSelector: null, relay: null })).rejects.toThrow('ETIMEOUT');
});
