/** Small rules of Stripe's parameter handling that every handler shares. */
import { invalidRequest } from './errors.ts';
import type { Doc, Params } from './types.ts';

const MAX_METADATA_KEYS = 50;

/** Metadata after an update: '' as the whole value clears all, '' for a key removes it, other keys stay. At most 50 keys [S 3.9]. */
export function mergeMetadata(current: Record<string, string> | null | undefined, change: Record<string, string> | '' | undefined) {
  if (change === '') return {};
  const merged: Record<string, string> = { ...(current ?? {}) };
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === '' || value === null) delete merged[key];
    else merged[key] = String(value);
  }
  if (Object.keys(merged).length > MAX_METADATA_KEYS) {
    throw invalidRequest(`Metadata can have at most ${MAX_METADATA_KEYS} keys.`, { param: 'metadata' });
  }
  return merged;
}

/** '' and null become null; undefined keeps the present value. */
export function orNull<T>(given: T | '' | undefined | null, present: T | null = null): T | null {
  if (given === undefined) return present;
  return given === '' || given === null ? null : given;
}

/** Copies the named parameters that were sent onto the object; '' becomes null. */
export function assign(doc: Doc, params: Params, names: string[]): void {
  for (const name of names) if (params[name] !== undefined) doc[name] = params[name] === '' ? null : params[name];
}

/** All six fields, absent ones null, as Stripe answers; '' clears. */
export function fullAddress(given: Params | '' | null): Params | null {
  if (given === '' || given === null) return null;
  const blank = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return { ...blank, ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value === '' ? null : value])) };
}

/** What Stripe answers to DELETE. */
export function deletedAnswer(doc: Doc): { id: string; object: string; deleted: true } {
  return { id: doc.id, object: doc.object, deleted: true };
}

/** A complete embedded list (invoice lines, subscription items). */
export function embeddedList(data: Doc[], url: string) {
  return { object: 'list' as const, data, has_more: false, total_count: data.length, url };
}
