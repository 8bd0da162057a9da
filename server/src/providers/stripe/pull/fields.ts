/** Building blocks of the schemas in this folder: how Stripe writes instants, references, amounts and lists. */
import { z } from 'zod';
import { instantFromUnix } from '../../../kit/time.ts';

/** Seconds since 1970; null where Stripe says null or nothing. */
export const instant = z.number().int().transform(instantFromUnix);
export const instantOrNull = z
  .number()
  .int()
  .nullish()
  .transform((seconds) => (typeof seconds === 'number' ? instantFromUnix(seconds) : null));

/** Minor units. */
export const amount = z
  .number()
  .int()
  .refine(Number.isSafeInteger)
  .transform((value) => BigInt(value));
export const amountOrZero = z
  .number()
  .int()
  .nullish()
  .transform((value) => BigInt(value ?? 0));

/** An id, or the object itself where the request expanded it; either way its id. */
export const reference = z
  .union([z.string(), z.object({ id: z.string() })])
  .transform((value) => (typeof value === 'string' ? value : value.id));
export const referenceOrNull = z
  .union([z.string(), z.object({ id: z.string() })])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : typeof value === 'string' ? value : value.id));

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
/** Stripe sends an empty string for "not given" in places. */
export const filledText = z
  .string()
  .nullish()
  .transform((value) => value || null);
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);
export const count = z
  .number()
  .int()
  .nullish()
  .transform((value) => value ?? 0);
export const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
export const currency = z.string().regex(/^[a-z]{3,10}$/);

/** A decimal that arrives as text, or as a number from older shapes. */
export const decimalOrNull = z
  .union([z.string().regex(/^-?\d+(\.\d+)?$/), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value)));

/** A list inside an object. */
export function embedded<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), has_more: z.boolean().nullish() });
}

/** Adds up the amounts of a list that Stripe may leave out. */
export function sumOf(amounts: { amount: bigint }[] | null | undefined): bigint {
  return (amounts ?? []).reduce((total, entry) => total + entry.amount, 0n);
}
