import { describe, expect, it } from 'vitest';
import { parseQuery } from './search.ts';

const FIELDS = { email: () => 'a@example.com', created: () => 100, metadata: () => ({ plan: 'pro' }) };

describe('search queries', () => {
  it('read clauses, quotes, keys, numbers and negation', () => {
    expect(parseQuery(`email:"a@example.com" AND -metadata["plan"]:'pro' AND created>=99`, FIELDS)).toEqual({
      any: false,
      clauses: [
        { negated: false, field: 'email', key: null, operator: ':', value: 'a@example.com' },
        { negated: true, field: 'metadata', key: 'plan', operator: ':', value: 'pro' },
        { negated: false, field: 'created', key: null, operator: '>=', value: 99 },
      ],
    });
    expect(parseQuery(`email~'exam' OR email:null`, FIELDS).any).toBe(true);
  });

  it('refuse what Stripe refuses: both joins, unknown fields, short parts, eleven clauses, nonsense', () => {
    for (const query of [
      `email:'a' AND email:'b' OR email:'c'`,
      `colour:'red'`,
      `email~'ab'`,
      Array(11).fill(`email:'a'`).join(' AND '),
      'what?',
      '',
      `email:'a' AND`,
      `created>'soon'`,
      `created>null`,
      `metadata:'pro'`,
    ]) {
      expect(() => parseQuery(query, FIELDS), query).toThrow();
    }
  });

  it('read field names with digits, metadata keys with anything but quotes, escaped quotes and implied AND', () => {
    const fields = { ...FIELDS, 'card.last4': () => '4242', 'address.line1': () => '1 High Street' };
    expect(parseQuery(`card.last4:"4242" address.line1~'High'`, fields)).toMatchObject({
      any: false,
      clauses: [
        { field: 'card.last4', operator: ':', value: '4242' },
        { field: 'address.line1', operator: '~', value: 'High' },
      ],
    });
    expect(parseQuery(`metadata["Order No. 7"]:"say \\"hi\\" AND go"`, fields).clauses).toEqual([
      { negated: false, field: 'metadata', key: 'Order No. 7', operator: ':', value: 'say "hi" AND go' },
    ]);
    expect(parseQuery(`-metadata['plan']:null`, fields).clauses[0]).toMatchObject({ negated: true, key: 'plan', value: null });
    expect(parseQuery(`created<="1700000000" and created>1600000000.5`, fields).clauses.map((clause) => clause.operator)).toEqual([
      '<=',
      '>',
    ]);
  });
});
