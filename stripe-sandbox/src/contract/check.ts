/** Checks a public object against the SDK's type: required fields, nullability, closed enums, nested objects. Unknown fields are findings too. */
import type { Schema } from './schema.ts';

const MAX_FINDINGS = 50;
type Objects = Record<string, Schema>;

/** Findings as `invoice.lines.data[0].pricing: missing`. Empty when the object is what the SDK promises. */
export function checkObject(objects: Objects, doc: unknown, objectName?: string): string[] {
  const found: string[] = [];
  const name = objectName ?? nameOf(doc);
  if (name === null || objects[name] === undefined) return [`${name ?? 'answer'}: not an object the SDK knows`];
  checkValue({ objects, found }, { schema: objects[name], value: doc, at: name });
  return found.slice(0, MAX_FINDINGS);
}

/** The contract's name of a public object; a deleted stub has its own. */
export function nameOf(doc: unknown): string | null {
  if (typeof doc !== 'object' || doc === null) return null;
  const { object, deleted } = doc as { object?: unknown; deleted?: unknown };
  if (typeof object !== 'string') return null;
  return deleted === true ? `deleted:${object}` : object;
}

type Context = { objects: Objects; found: string[] };
type Spot = { schema: Schema; value: unknown; at: string };

function checkValue(context: Context, spot: Spot): void {
  const { schema, value, at } = spot;
  if (!fits(context.objects, schema, value)) {
    context.found.push(`${at}: ${show(value)} does not fit ${describe(schema)}`);
    return;
  }
  if (typeof schema !== 'object') return;
  if ('u' in schema) {
    const member = pick(context.objects, schema.u, value);
    if (member !== undefined) checkValue(context, { schema: member, value, at });
  } else if ('a' in schema) checkItems(context, value as unknown[], { schema: schema.a, at });
  else if ('list' in schema) checkItems(context, (value as { data: unknown[] }).data, { schema: schema.list, at: `${at}.data` });
  else if ('m' in schema)
    for (const [key, item] of Object.entries(value as object)) checkValue(context, { schema: schema.m, value: item, at: `${at}.${key}` });
  else if ('ref' in schema) checkReference(context, schema.ref, { value, at });
  else if ('x' in schema && typeof value === 'object') checkReference(context, nameOf(value) ?? schema.x[0]!, { value, at });
  else if ('o' in schema) checkFields(context, schema, { value: value as Record<string, unknown>, at });
}

function checkItems(context: Context, items: unknown[], spot: { schema: Schema; at: string }): void {
  items.forEach((value, index) => {
    checkValue(context, { schema: spot.schema, value, at: `${spot.at}[${index}]` });
  });
}

function checkReference(context: Context, name: string, spot: { value: unknown; at: string }): void {
  const schema = context.objects[name];
  if (schema !== undefined) checkValue(context, { schema, ...spot });
}

function checkFields(
  context: Context,
  schema: { o: Record<string, Schema>; r?: string[] },
  spot: { value: Record<string, unknown>; at: string },
): void {
  for (const name of schema.r ?? []) if (spot.value[name] === undefined) context.found.push(`${spot.at}.${name}: missing`);
  for (const [name, value] of Object.entries(spot.value)) {
    const field = schema.o[name];
    if (field === undefined) context.found.push(`${spot.at}.${name}: not a field of this object`);
    else if (value !== undefined) checkValue(context, { schema: field, value, at: `${spot.at}.${name}` });
  }
}

/** The outermost shape only; inside, checkValue goes on and names the exact place. */
function fits(objects: Objects, schema: Schema, value: unknown): boolean {
  if (typeof schema === 'string') return fitsPlain(schema, value);
  if ('e' in schema) return schema.open === 1 ? typeof value === 'string' : schema.e.includes(value as string);
  if ('u' in schema) return schema.u.some((member) => fits(objects, member, value));
  if ('a' in schema) return Array.isArray(value);
  if ('list' in schema) return isRecord(value) && Array.isArray(value.data) && value.object === 'list';
  if ('x' in schema) return typeof value === 'string' || (isRecord(value) && schema.x.includes(nameOf(value) ?? ''));
  if ('ref' in schema) return isRecord(value) && objects[schema.ref] !== undefined;
  return isRecord(value);
}

function fitsPlain(schema: string, value: unknown): boolean {
  switch (schema) {
    case 's':
      return typeof value === 'string';
    case 'n':
      return typeof value === 'number' && Number.isFinite(value);
    case 'b':
      return typeof value === 'boolean';
    case 'd':
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
    case 'empty':
      return value === '';
    case 'null':
      return value === null;
    default:
      return true;
  }
}

/** The member of a union to look inside: among objects, the one whose fixed values agree. */
function pick(objects: Objects, members: Schema[], value: unknown): Schema | undefined {
  const fitting = members.filter((member) => fits(objects, member, value));
  if (fitting.length < 2) return fitting[0];
  return fitting.find((member) => isExact(objects, member, value)) ?? fitting[0];
}

function isExact(objects: Objects, member: Schema, value: unknown): boolean {
  const target = typeof member === 'object' && 'ref' in member ? objects[member.ref] : member;
  if (typeof target !== 'object' || !('o' in target) || !isRecord(value)) return false;
  return Object.entries(target.o).every(
    ([name, schema]) =>
      typeof schema !== 'object' ||
      !('e' in schema) ||
      schema.open === 1 ||
      value[name] === undefined ||
      schema.e.includes(value[name] as string),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(schema: Schema): string {
  if (typeof schema === 'string')
    return { s: 'a string', n: 'a number', b: 'a boolean', d: 'a decimal string', empty: "''", null: 'null', any: 'anything' }[schema];
  if ('e' in schema) return `one of ${schema.e.join(', ')}`;
  if ('u' in schema) return schema.u.map(describe).join(' or ');
  if ('a' in schema) return 'an array';
  if ('list' in schema) return 'a list';
  if ('ref' in schema) return `a ${schema.ref}`;
  if ('x' in schema) return `an id or a ${schema.x.join(', ')}`;
  return 'an object';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
