/**
 * Request parameters against the contract: form strings become numbers, booleans and arrays; what does not fit is refused in Stripe's words,
 * with Stripe's spelling of the nested parameter (`items[0][price]`).
 */
import { parameterInvalid, parameterMissing, parameterUnknown } from '../kernel/errors.ts';
import type { Params } from '../kernel/types.ts';
import type { Schema } from './schema.ts';

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY = 40;
const MAX_METADATA_VALUE = 500;
/** Numbers that are not integers at Stripe; everything else the types call `number` is one (the types do not say [K 10]). */
const FRACTIONAL = new Set([
  'percent_off',
  'application_fee_percent',
  'percentage',
  'quantity_decimal',
  'tax_percent',
  'effective_percentage',
  'height',
  'width',
  'length',
  'weight',
  'longitude',
  'latitude',
  'ratio',
  'value',
]);

/** The coerced parameters. Throws parameter_unknown, parameter_missing, parameter_invalid_* with the offending `param`. */
export function coerceParams(schema: Schema, raw: Params): Params {
  if (typeof schema !== 'object' || !('o' in schema)) return raw;
  return coerceFields(schema, raw, '') as Params;
}

function coerceFields(schema: { o: Record<string, Schema>; r?: string[] }, raw: Params, path: string): Params {
  const unknown = Object.keys(raw).filter((name) => schema.o[name] === undefined);
  if (unknown.length > 0)
    throw parameterUnknown(
      unknown.map((name) => inside(path, name)),
      suggest(Object.keys(schema.o), unknown[0]!),
    );
  const result: Params = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    result[name] = coerceValue(schema.o[name]!, value, inside(path, name));
  }
  for (const name of schema.r ?? []) if (result[name] === undefined) throw parameterMissing(inside(path, name));
  return result;
}

function coerceValue(schema: Schema, value: unknown, path: string): unknown {
  if (typeof schema === 'string') return coercePlain(schema, value, path);
  if ('e' in schema) return coerceEnum(schema, value, path);
  if ('u' in schema) return coerceUnion(schema.u, value, path);
  if ('a' in schema) return coerceArray(schema.a, value, path);
  if ('m' in schema)
    return path.endsWith('metadata') || path.endsWith('metadata]') ? coerceMetadata(value, path) : coerceMap(schema.m, value, path);
  if ('o' in schema) {
    // Unsetting is only offered where the contract has 'empty'; Stripe takes '' for any object all the same and clears it.
    if (value === '') return '';
    if (!isRecord(value)) throw parameterInvalid(path, 'Invalid object');
    return coerceFields(schema, value, path);
  }
  return value;
}

function coercePlain(schema: string, value: unknown, path: string): unknown {
  if (schema === 'any' || schema === 'null') return value;
  if (schema === 'empty') {
    if (value === '') return '';
    throw parameterInvalid(path, `Invalid value: ${show(value)}`);
  }
  if (isRecord(value) || Array.isArray(value))
    throw parameterInvalid(path, schema === 's' ? 'Invalid string: {...}' : `Invalid ${schema === 'n' ? 'integer' : 'value'}`);
  if (schema === 's') return String(value ?? '');
  if (schema === 'b') return coerceBoolean(value, path);
  if (schema === 'd') {
    if (value === '' || DECIMAL.test(String(value))) return String(value);
    throw parameterInvalid(path, `Invalid decimal: ${String(value)}`, 'parameter_invalid_decimal');
  }
  return coerceNumber(value, path);
}

/** Stripe's older Python client writes `True` and `False`, and real Stripe takes them. */
function coerceBoolean(value: unknown, path: string): boolean {
  if (value === true || value === 'true' || value === 'True') return true;
  if (value === false || value === 'false' || value === 'False') return false;
  throw parameterInvalid(path, `Invalid boolean: ${String(value)}`);
}

function coerceNumber(value: unknown, path: string): unknown {
  const text = String(value);
  if (text === '') return '';
  const name = /(\w+)\]?$/.exec(path)?.[1] ?? path;
  if (FRACTIONAL.has(name) ? DECIMAL.test(text) : INTEGER.test(text)) {
    const number = Number(text);
    if (FRACTIONAL.has(name) || Number.isSafeInteger(number)) return number;
  }
  throw parameterInvalid(path, `Invalid integer: ${text}`, 'parameter_invalid_integer');
}

function coerceEnum(schema: { e: (string | number | boolean)[]; open?: 1 }, value: unknown, path: string): unknown {
  const found = schema.e.find((allowed) => String(allowed) === String(value));
  if (found !== undefined) return found;
  const names = schema.e.map(String);
  const listed = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')}, or ${names.at(-1)}`;
  throw parameterInvalid(path, `Invalid ${path}: must be one of ${listed}`);
}

/** Literals and unset first, then containers by the value's own shape, then plain types; the last member's refusal is the answer. */
function coerceUnion(members: Schema[], value: unknown, path: string): unknown {
  const ordered = members.filter((member) => member !== 'null').sort((a, b) => rank(a, value) - rank(b, value));
  let refusal: unknown;
  for (const member of ordered) {
    try {
      return coerceValue(member, value, path);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

function rank(member: Schema, value: unknown): number {
  if (member === 'empty') return value === '' ? 0 : 9;
  if (typeof member === 'string') return isRecord(value) || Array.isArray(value) ? 8 : member === 's' ? 5 : 4;
  if ('e' in member) return member.e.some((allowed) => String(allowed) === String(value)) ? 1 : 7;
  const wantsArray = 'a' in member;
  if (isList(value)) return wantsArray ? 2 : 6;
  return isRecord(value) ? (wantsArray ? 3 : 2) : 6;
}

function coerceArray(items: Schema, value: unknown, path: string): unknown {
  if (value === '') return '';
  if (!isList(value)) throw parameterInvalid(path, 'Invalid array');
  return Object.values(value).map((item, index) => coerceValue(items, item, `${path}[${index}]`));
}

/** The form decoder leaves `a[0]=` as a map with number keys, because only the contract knows whether an array was meant. */
function isList(value: unknown): value is object {
  return Array.isArray(value) || (isRecord(value) && Object.keys(value).every((key) => INTEGER.test(key)));
}

function coerceMap(schema: Schema, value: unknown, path: string): unknown {
  if (value === '') return '';
  if (!isRecord(value)) throw parameterInvalid(path, 'Invalid object');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerceValue(schema, item, inside(path, key))]));
}

/** At most 50 keys of 40 characters without brackets, values of at most 500; values stay text [S 3.9]. */
function coerceMetadata(value: unknown, path: string): unknown {
  if (value === '' || value === null) return '';
  if (!isRecord(value)) throw parameterInvalid(path, 'Invalid object');
  const entries = Object.entries(value);
  if (entries.length > MAX_METADATA_KEYS) throw parameterInvalid(path, `Metadata can have at most ${MAX_METADATA_KEYS} keys.`);
  for (const [key, item] of entries) {
    if (key.length > MAX_METADATA_KEY) throw parameterInvalid(path, `Metadata keys must be at most ${MAX_METADATA_KEY} characters: ${key}`);
    if (isRecord(item) || Array.isArray(item)) throw parameterInvalid(inside(path, key), 'Metadata values must be strings.');
    if (String(item ?? '').length > MAX_METADATA_VALUE)
      throw parameterInvalid(inside(path, key), `Metadata values must be at most ${MAX_METADATA_VALUE} characters.`);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, String(item ?? '')]));
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`;
}

/** "Did you mean": the known name that differs least, if it is close. */
function suggest(known: string[], given: string): string | undefined {
  return known.find((name) => name.startsWith(given) || given.startsWith(name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
