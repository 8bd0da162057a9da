import type { Mode } from '../../../api/types.ts';

/** What is wrong with a key by its beginning alone, before it is sent anywhere; null when nothing is. */
export function keyProblem(key: string, mode: Mode): string | null {
  if (/^pk_/.test(key)) return 'This is a publishable key. Take the secret (sk_) or a restricted one (rk_).';
  if (/^whsec_/.test(key)) return 'This is the secret of a webhook endpoint, not a key.';
  if (!/^[sr]k_/.test(key)) return 'A key starts with sk_ or rk_.';
  const live = /^[sr]k_live_/.test(key);
  if (live && mode !== 'live') return 'This is a key of Live mode; this environment is not Live.';
  if (!live && mode === 'live') return 'This is a test key; this environment is Live.';
  return null;
}
