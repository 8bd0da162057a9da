import { describe, expect, it } from 'vitest';
import { keyProblem } from './key-problem.ts';

describe('a key that cannot work is refused before it leaves the page', () => {
  it('by its kind', () => {
    expect(keyProblem('pk_test_1', 'test')).toContain('publishable');
    expect(keyProblem('whsec_1', 'test')).toContain('webhook');
    expect(keyProblem('hello', 'test')).toContain('sk_ or rk_');
  });

  it('by its mode', () => {
    expect(keyProblem('sk_live_1', 'test')).toContain('Live');
    expect(keyProblem('rk_test_1', 'live')).toContain('test key');
  });

  it('and a fitting one is not', () => {
    expect([keyProblem('sk_test_1', 'sandbox'), keyProblem('rk_test_1', 'test'), keyProblem('rk_live_1', 'live')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
