/** `expand[]=customer.default_source`: ids become objects, includable fields appear. At most four levels, on any verb [S 3.9]. */

import { isNullable } from '../contract/blank.ts';
import { nameOf } from '../contract/check.ts';
import type { Contract } from '../contract/contract.ts';
import type { Schema } from '../contract/schema.ts';
import { invalidRequest } from '../kernel/errors.ts';
import { publicCopy } from '../kernel/event.ts';
import type { Registry } from '../kernel/services.ts';
import type { Transaction } from '../kernel/transaction.ts';
import type { Doc } from '../kernel/types.ts';

const MAX_LEVELS = 4;

type Context = { tx: Transaction; contract: Contract; registry: Registry };
// biome-ignore lint/suspicious/noExplicitAny: public copies of open objects
type Value = any;

/** Fills the answer (a public copy) in place. */
export async function expandAnswer(context: Context, answer: Value, paths: string[]): Promise<void> {
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > MAX_LEVELS) {
      throw invalidRequest(`You cannot expand more than ${MAX_LEVELS} levels of a property. Property: ${path}`, { param: 'expand' });
    }
    await walk(context, answer, { segments, path });
  }
}

async function walk(context: Context, node: Value, at: { segments: string[]; path: string }): Promise<void> {
  const [segment, ...rest] = at.segments;
  if (segment === undefined || node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const item of node) await walk(context, item, at);
    return;
  }
  const computed = context.registry.includables.get(nameOf(node) ?? '')?.has(segment) === true;
  if (computed || !(segment in node) || node[segment] === null) await include(context, node, { segment, path: at.path });
  node[segment] = await resolve(context, node[segment]);
  if (node[segment] === undefined) delete node[segment];
  else if (Array.isArray(node[segment]))
    for (let index = 0; index < node[segment].length; index += 1) node[segment][index] = await resolve(context, node[segment][index]);
  await walk(context, node[segment], { segments: rest, path: at.path });
}

/** An id becomes the object; a deleted one its stub. Anything else stays. */
async function resolve(context: Context, value: Value): Promise<Value> {
  if (typeof value !== 'string') return value;
  const doc = await context.tx.peek(value);
  if (doc === undefined) return value;
  if (doc.deleted === true) return { id: doc.id, object: doc.object, deleted: true };
  return publicCopy(doc);
}

/** Computes a field that exists only when expanded. Refuses a name that the contract does not know. */
async function include(context: Context, node: Value, at: { segment: string; path: string }): Promise<void> {
  const name = nameOf(node);
  const includable = name === null ? undefined : context.registry.includables.get(name)?.get(at.segment);
  if (includable !== undefined) {
    const doc = (await context.tx.get(node.id)) ?? (node as Doc);
    node[at.segment] = publicCopy(await includable(context.tx, doc));
    return;
  }
  if (name === null || at.segment in node) return;
  const schema = context.contract.object(name);
  if (schema !== undefined && !expandable(schema, at.segment)) {
    throw invalidRequest(`This property cannot be expanded (${at.path}).`, { param: 'expand' });
  }
}

function expandable(schema: Schema, segment: string): boolean {
  const field = typeof schema === 'object' && 'o' in schema ? schema.o[segment] : undefined;
  return field !== undefined && (typeof field === 'object' || isNullable(field));
}
