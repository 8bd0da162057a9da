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
    ]) {
      expect(() => parseQuery(query, FIELDS), query).toThrow();
    }
  });
});
