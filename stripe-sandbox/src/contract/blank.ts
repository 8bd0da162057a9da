/** A new object's starting point: every field the contract requires and that may be null, as null. */
import type { Schema } from './schema.ts';

/** Fields that exist only once expanded or once something happened are optional in the contract and stay away. */
export function blankObject(schema: Schema | undefined): Record<string, unknown> {
  const blank: Record<string, unknown> = {};
  if (typeof schema !== 'object' || !('o' in schema)) return blank;
  for (const name of schema.r ?? []) {
    const field = schema.o[name]!;
    if (name === 'livemode') blank[name] = false;
    else if (name === 'metadata') blank[name] = {};
    else if (isNullable(field)) blank[name] = null;
  }
  return blank;
}

export function isNullable(schema: Schema): boolean {
  return schema === 'null' || schema === 'any' || (typeof schema === 'object' && 'u' in schema && schema.u.some(isNullable));
}
