import type { z } from 'zod';

/** An object of Stripe that we cannot read. It ends in quarantine with the reason; nothing of it is written anywhere (reliability.md W13). */
export class Unreadable extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'Unreadable';
    this.reason = reason;
  }
}

/** Reads the fields we use out of an object of Stripe; throws Unreadable naming the first field that is not as expected. */
export function read<T>(what: string, schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Unreadable(`${what}.${issue?.path.join('.') || '(body)'}: ${issue?.message ?? 'unreadable'}`);
}

/** Refuses a list in which two entries have one id: they could not be told apart later. */
export function requireDistinct(what: string, entries: readonly { id: string }[]): void {
  const ids = new Set(entries.map((entry) => entry.id));
  if (ids.size < entries.length) throw new Unreadable(`${what}: two entries with one id`);
}
