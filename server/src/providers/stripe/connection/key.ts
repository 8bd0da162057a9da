import type { Mode } from '../../../kit/context.ts';
import { refuse } from '../../../kit/errors.ts';
import type { KeyKind } from './probe.ts';

export type KeyShape = { kind: Exclude<KeyKind, 'oauth'>; livemode: boolean };

/** Reads what the prefix of a key tells, before any request. Refuses publishable keys, things that are not keys, and keys of the other mode. */
export function readKey(key: string, mode: Mode): KeyShape {
  const match = /^(sk|rk|pk)_(test|live)_[A-Za-z0-9_]{8,250}$/.exec(key);
  if (!match) {
    refuse({
      status: 422,
      code: 'invalid_key',
      param: 'secret_key',
      message: 'This is not a Stripe API key.',
      fix: 'Copy the secret key (sk_…) or a restricted key (rk_…) from Stripe → Developers → API keys.',
    });
  }
  if (match[1] === 'pk') {
    refuse({
      status: 422,
      code: 'publishable_key',
      param: 'secret_key',
      message: 'This is a publishable key; it may not read anything.',
      fix: 'Copy the secret key (sk_…) or a restricted key (rk_…) instead.',
    });
  }
  const livemode = match[2] === 'live';
  requireMode({ livemode, mode });
  return { kind: match[1] === 'rk' ? 'restricted' : 'secret', livemode };
}

/** Refuses a credential whose mode is not the environment's, naming both. */
export function requireMode(a: { livemode: boolean; mode: Mode }): void {
  if (a.livemode === (a.mode === 'live')) return;
  const given = a.livemode ? 'live' : 'test';
  refuse({
    status: 422,
    code: 'mode_mismatch',
    param: 'secret_key',
    message: `The key is of Stripe's ${given} mode, this environment is ${a.mode}.`,
    fix: a.livemode
      ? 'Switch to test mode (or a sandbox) in the Stripe Dashboard and copy the key from there, or connect a live environment.'
      : 'Switch test mode off in the Stripe Dashboard and copy the live key, or connect a test environment.',
  });
}
