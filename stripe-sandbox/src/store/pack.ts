/**
 * JSON text without the names: Stripe's objects have long field names and always the same ones, so each set of names is kept once and the text
 * holds its number and the values. The memory store keeps events this way, in about two fifths of the room.
 */

/** Beyond so many different sets (metadata makes new ones) names are written out. */
const MAX_SHAPES = 5000;
const [ARRAY, NAMED] = [-1, -2];

export type Packer = { pack(value: unknown): string; unpack(text: string): unknown };

export function createPacker(): Packer {
  const shapes: string[][] = [];
  const numbers = new Map<string, number>();
  const numberOf = (names: string[]): number => {
    // A name may be empty or hold any character, so the names are told apart as JSON does.
    const key = JSON.stringify(names);
    let number = numbers.get(key);
    if (number === undefined && shapes.length < MAX_SHAPES) {
      number = shapes.push(names) - 1;
      numbers.set(key, number);
    }
    return number ?? NAMED;
  };
  const encode = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return [ARRAY, ...value.map(encode)];
    const source = value as Record<string, unknown>;
    const names = Object.keys(source).filter((name) => source[name] !== undefined);
    const number = numberOf(names);
    return number === NAMED
      ? [NAMED, names, ...names.map((name) => encode(source[name]))]
      : [number, ...names.map((name) => encode(source[name]))];
  };
  const decode = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const [number, ...rest] = value as [number, ...unknown[]];
    if (number === ARRAY) return rest.map(decode);
    const names = number === NAMED ? (rest.shift() as string[]) : shapes[number]!;
    const result: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at += 1) define(result, names[at]!, decode(rest[at]));
    return result;
  };
  return { pack: (value) => JSON.stringify(encode(value)) ?? 'null', unpack: (text) => decode(JSON.parse(text)) };
}

/** A metadata key may be called `__proto__`, and is then a field like any other. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}
