import { z } from 'zod';
import type { App, Mode } from '../kit/context.ts';
import { instantSchema } from '../kit/http.ts';

/** `bk_<mode>_<12-character key id>_<43 base-62 characters>`; `bpk_` for publishable ones (reliability.md 12.1). */
const PATTERN = /^(bk|bpk)_(sandbox|test|live)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$/;
const ID_CHARACTERS = 12;
const SECRET_CHARACTERS = 43;
const PURPOSE = 'api_key';

export type KeyText = { kind: 'secret' | 'publishable'; mode: Mode; keyId: string; text: string };

/** A fresh key; its text is shown once and never stored. */
export function makeKeyText(app: App, mode: Mode): KeyText {
  const keyId = app.ids.token(ID_CHARACTERS);
  return { kind: 'secret', mode, keyId, text: `bk_${mode}_${keyId}_${app.ids.token(SECRET_CHARACTERS)}` };
}

/** The parts of a key, or null for a text that is none. */
export function parseKey(text: string): KeyText | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  return { kind: match[1] === 'bk' ? 'secret' : 'publishable', mode: match[2] as Mode, keyId: match[3] as string, text };
}

/** What is stored: an HMAC under a key derived from the master key. */
export function digestOf(app: App, text: string): Uint8Array {
  return app.secrets.digest(PURPOSE, text);
}

export const apiKeySchema = z
  .object({
    object: z.literal('api_key'),
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    /** What may be shown of it. */
    prefix: z.string(),
    last4: z.string(),
    scopes: z.array(z.string()),
    created_by: z.string(),
    created_at: instantSchema,
    expires_at: instantSchema.nullable(),
    last_used_at: instantSchema.nullable(),
    revoked_at: instantSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });
