import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSignature, signBody } from './signature.ts';

const NOW = 1_780_000_000;
const SECRET = 'whsec_currentcurrentcurrent';
const body = Buffer.from('{"id":"evt_1","type":"customer.created"}');
const check = (header: string | undefined, secrets = [SECRET]) => checkSignature(header, body, secrets, NOW);

describe('the signature of a delivery', () => {
  test('[W7] only timestamps within 299 seconds of machine time are accepted, past and future alike', () => {
    for (const offset of [0, 299, -299, 300, -300]) expect(check(signBody(body, SECRET, NOW + offset))).toBeNull();
    for (const offset of [301, -301, 86_400, -86_400]) expect(check(signBody(body, SECRET, NOW + offset))).toBe('timestamp_outside');
  });

  test('[W7] a timestamp that is not plain digits is refused even when signed with it', () => {
    for (const t of ['abc', '1e3', '', ' ', '+1780000000', '1780000000.0', '0x6A1', '１７８００００００００', '1780000000000000'])
      expect(check(signBody(body, SECRET, t))).toBe('timestamp_unreadable');
    expect(check(`t=${NOW},${signBody(body, SECRET, NOW)}`)).toBe('timestamp_unreadable');
    expect(check(signBody(body, SECRET, NOW).replace(/^t=\d+,/, ''))).toBe('timestamp_unreadable');
  });

  test('[W6] forged, wrong secret, no header and v0 alone are refused', () => {
    expect(check(undefined)).toBe('header_missing');
    expect(check('')).toBe('header_missing');
    expect(check(signBody(body, 'whsec_other', NOW))).toBe('mismatch');
    expect(check(signBody('another body', SECRET, NOW))).toBe('mismatch');
    expect(check(signBody(body, SECRET, NOW).replace('v1=', 'v0='))).toBe('scheme_missing');
    expect(check(`t=${NOW},v1=zz`)).toBe('scheme_missing');
    expect(check(signBody(body, SECRET, NOW), [])).toBe('mismatch');
  });

  test('[W6] a thousand fuzzed headers: none is accepted, none throws', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.string()).map(([t, v]) => `t=${t},v1=${v}`),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }).map((hex) => `t=${NOW},v1=${hex}`),
      fc.array(fc.constantFrom('t=1', 'v1=', ',', '=', 'v0=ab', `t=${NOW}`), { maxLength: 40 }).map((parts) => parts.join(',')),
    );
    fc.assert(
      fc.property(header, (value) => check(value) !== null),
      { numRuns: 1_000 },
    );
  });

  test('[W9] while a secret is being rotated either one is enough', () => {
    const old = 'whsec_previousprevious';
    expect(check(signBody(body, old, NOW), [SECRET, old])).toBeNull();
    expect(check(signBody(body, SECRET, NOW), [SECRET, old])).toBeNull();
    expect(check(signBody(body, old, NOW), [SECRET])).toBe('mismatch');
    const both = `${signBody(body, old, NOW)},${signBody(body, SECRET, NOW).split(',')[1]}`;
    expect(check(both)).toBeNull();
  });

  test('a header with more signatures than Stripe ever sends is refused', () => {
    expect(check(`${signBody(body, SECRET, NOW)}${`,v1=${'0'.repeat(64)}`.repeat(10)}`)).toBe('header_unreadable');
    expect(check(`t=${NOW}${`,v1=${'0'.repeat(64)}`.repeat(9)},${signBody(body, SECRET, NOW).split(',')[1]}`)).toBeNull();
  });
});
