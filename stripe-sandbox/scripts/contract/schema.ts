/** Turns the SDK's TypeScript types into the compact schemas of src/contract/schema.ts. */
import ts from 'typescript-api';
import type { Schema } from '../../src/contract/schema.ts';

/** Parameters are never nested deeper than this in the SDK; a recursion beyond it is a mistake of the reader. */
const MAX_DEPTH = 14;
const { TypeFlags } = ts;

/** `open`: an enum with OtherString stays open (responses); `closed`: its literals are the enum (requests). */
export type Mode = 'open' | 'closed';
export type Reader = {
  schemaOf(type: ts.Type, mode: Mode): Schema;
  /** Every Stripe object met on the way, by its `object` value; embedded ones become references. */
  objects: Map<string, ts.Type>;
};
type Context = { checker: ts.TypeChecker; objects: Map<string, ts.Type>; stack: ts.Type[]; mode: Mode };

export function createReader(checker: ts.TypeChecker): Reader {
  const objects = new Map<string, ts.Type>();
  return { objects, schemaOf: (type, mode) => schemaOf({ checker, objects, stack: [], mode }, type) };
}

function schemaOf(context: Context, type: ts.Type): Schema {
  if (type.aliasSymbol?.name === 'OtherString') return 's';
  return type.isUnion() ? unionSchema(context, type) : plainSchema(context, type);
}

function plainSchema(context: Context, type: ts.Type): Schema {
  const { flags } = type;
  if (type.isStringLiteral() || type.isNumberLiteral()) return { e: [type.value] };
  if (flags & TypeFlags.BooleanLiteral) return { e: [context.checker.typeToString(type) === 'true'] };
  if (flags & TypeFlags.String || isOtherString(type)) return 's';
  if (flags & TypeFlags.Number) return 'n';
  if (flags & TypeFlags.Boolean) return 'b';
  if (flags & TypeFlags.Null) return 'null';
  if (flags & (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.NonPrimitive)) return 'any';
  return objectSchema(context, type);
}

/** Literals first, then what remains; an id beside Stripe objects marks an expandable field. */
function unionSchema(context: Context, type: ts.UnionType): Schema {
  const members = type.types.filter((member) => !(member.flags & TypeFlags.Undefined));
  const literals = members.filter((member) => member.isStringLiteral()).map((member) => member.value);
  const rest = members.filter((member) => !member.isStringLiteral() && !isOtherString(member));
  const schemas: Schema[] = [];
  const expandable = expandableObjects(context, rest);
  if (expandable.length > 0) schemas.push({ x: expandable });
  schemas.push(...literalSchemas(context, literals, members.some(isOtherString)));
  for (const member of rest) {
    const covered = expandable.length > 0 && (member.flags & TypeFlags.String || objectName(context, member) !== null);
    if (!covered && !(member.flags & TypeFlags.BooleanLiteral)) schemas.push(plainSchema(context, member));
  }
  const booleans = rest.filter((member) => member.flags & TypeFlags.BooleanLiteral);
  if (booleans.length === 2) schemas.push('b');
  else schemas.push(...booleans.map((member) => plainSchema(context, member)));
  return schemas.length === 1 ? schemas[0]! : { u: schemas };
}

function literalSchemas(context: Context, literals: string[], open: boolean): Schema[] {
  const filled = literals.filter((value) => value !== '').sort();
  const schemas: Schema[] = [];
  if (filled.length > 0) schemas.push({ e: filled, ...(open && context.mode === 'open' ? { open: 1 as const } : {}) });
  else if (open) schemas.push('s');
  if (literals.includes('')) schemas.push('empty');
  return schemas;
}

function expandableObjects(context: Context, members: ts.Type[]): string[] {
  if (!members.some((member) => member.flags & TypeFlags.String)) return [];
  for (const member of members) remember(context, member);
  const names = members.map((member) => objectName(context, member)).filter((name) => name !== null);
  return [...new Set(names)].sort();
}

function objectSchema(context: Context, type: ts.Type): Schema {
  const { checker } = context;
  const name = type.symbol?.name ?? '';
  // The SDK's Decimal class; a decimal string on the wire.
  if (name === 'Decimal' || type.getProperty('_coefficient') !== undefined) return 'd';
  if (name === 'Date') return 's';
  // File contents; multipart is out.
  if (name === 'Uint8Array') return 'any';
  const argument = () => schemaOf(context, checker.getTypeArguments(type as ts.TypeReference)[0]!);
  if (checker.isArrayType(type)) return { a: argument() };
  if (name === 'ApiList') return { list: argument() };
  const stripeObject = objectName(context, type);
  if (context.mode === 'open' && stripeObject !== null && context.stack.length > 0) {
    remember(context, type);
    return { ref: stripeObject };
  }
  return structure(context, type);
}

function structure(context: Context, type: ts.Type): Schema {
  const { checker, stack } = context;
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  const properties = checker.getPropertiesOfType(type).filter((property) => !isHelper(context, property));
  if (properties.length === 0) return index === undefined ? 'any' : { m: schemaOf(context, index.type) };
  if (stack.includes(type) || stack.length > MAX_DEPTH) return 'any';
  const inner = { ...context, stack: [...stack, type] };
  const fields: Record<string, Schema> = {};
  for (const property of properties) {
    const declaration = property.valueDeclaration ?? property.declarations?.[0];
    fields[property.name] = schemaOf(inner, checker.getTypeOfSymbolAtLocation(property, declaration!));
  }
  const required = properties.filter((property) => !(property.flags & ts.SymbolFlags.Optional)).map((property) => property.name);
  return { o: fields, ...(required.length > 0 ? { r: required } : {}) };
}

/** `lastResponse` is the SDK's; `deleted?: void` of an answer only helps TypeScript to tell a stub from the object. As a parameter it is real. */
function isHelper({ mode }: Context, property: ts.Symbol): boolean {
  return (
    property.name === 'lastResponse' ||
    (mode === 'open' && property.name === 'deleted' && Boolean(property.flags & ts.SymbolFlags.Optional))
  );
}

function isOtherString(type: ts.Type): boolean {
  return type.aliasSymbol?.name === 'OtherString' || (type.isIntersection() && type.types.some((part) => part.flags & TypeFlags.String));
}

/** The value of its `object` field; a deleted stub is told apart. */
function objectName(context: Context, type: ts.Type): string | null {
  const property = type.flags & TypeFlags.Object ? type.getProperty('object') : undefined;
  if (property?.valueDeclaration === undefined) return null;
  const literal = context.checker.getTypeOfSymbolAtLocation(property, property.valueDeclaration);
  if (!literal.isStringLiteral() || literal.value === 'list' || literal.value === 'search_result') return null;
  return type.symbol.name.startsWith('Deleted') ? `deleted:${literal.value}` : literal.value;
}

function remember(context: Context, type: ts.Type): void {
  const name = objectName(context, type);
  if (name !== null && !context.objects.has(name)) context.objects.set(name, type);
}
