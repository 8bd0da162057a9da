import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, parseStrictJson } from './json.ts';

describe('JSON from outside', () => {
  test('[W11] what two readers could read differently is refused, and nothing throws', () => {
    const faults: [string, string][] = [
      ['{"id":"evt_1","id":"evt_2"}', 'duplicate_key'],
      ['{"a":{"b":1,"\\u0062":2}}', 'duplicate_key'],
      ['{"__proto__":{"admin":true}}', 'forbidden_key'],
      ['{"data":{"\\u005f_proto__":1}}', 'forbidden_key'],
      ['{"a":"\\ud800"}', 'lone_surrogate'],
      ['{"a":"\\ude00x"}', 'lone_surrogate'],
      ['{"amount":12345678901234567890}', 'unsafe_integer'],
      ['[-9007199254740993]', 'unsafe_integer'],
      ['['.repeat(100_000), 'too_deep'],
      [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'too_deep'],
      ['{"a":', 'not_json'],
      ['{"a":"', 'not_json'],
      ['', 'not_json'],
      ['{"a":1}}', 'not_json'],
      ['nul', 'not_json'],
    ];
    for (const [text, fault] of faults) expect([text.slice(0, 40), parseStrictJson(text).fault]).toEqual([text.slice(0, 40), fault]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(decodeUtf8(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toBeNull();
  });

  test('what passes is exactly what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        const strict = parseStrictJson(text);
        if (strict.fault === null) expect(strict.value).toEqual(JSON.parse(text));
        else expect(['duplicate_key', 'forbidden_key', 'unsafe_integer', 'lone_surrogate']).toContain(strict.fault);
      }),
      { numRuns: 500 },
    );
    expect(parseStrictJson('{"a":"\\\\","b":"\\"","c":[1.5e3,-0,9007199254740991],"d":{"a":"😀 \\ud83d\\ude00"}}').fault).toBeNull();
  });

  test('random bytes and mutated events never throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => parseStrictJson(text).fault !== undefined),
      { numRuns: 1_000 },
    );
  });
});
