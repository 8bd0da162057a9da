/**
 * Facts as the renderer sees them, and the marks that keep track of them (L5): U+E000 index U+E001 text U+E002.
 * The objects carry no enumerable property and no reachable prototype, so a template can print and compare them and nothing else.
 */

/** A fact flattened for the worker: `raw` is for comparisons, `display` is what a reader sees. */
export type RenderFact = { path: string; type: string; raw: string | number; display: string };
export type RenderRow = Record<string, RenderFact>;
export type RenderInput = { facts: RenderFact[]; lists: { path: string; rows: RenderRow[]; more: number }[]; absent: string[] };

export const OPEN = '\uE000';
export const MIDDLE = '\uE001';
export const CLOSE = '\uE002';

/** A fact inside a template. */
export class MarkedFact {
  readonly #index: number;
  readonly #raw: string | number;
  readonly #display: string;

  constructor(index: number, raw: string | number, display: string) {
    this.#index = index;
    this.#raw = raw;
    this.#display = display;
    Object.freeze(this);
  }

  /** The display between marks; `encode` is the encoding of the place it is printed in. */
  print(encode: (text: string) => string): string {
    return `${OPEN}${this.#index}${MIDDLE}${encode(this.#display)}${CLOSE}`;
  }

  /** The same fact shown with other letters. */
  shownAs(change: (display: string) => string): MarkedFact {
    return new MarkedFact(this.#index, this.#raw, change(this.#display));
  }

  isEmpty(): boolean {
    return this.#display === '';
  }

  #compare(other: unknown, decide: (a: string | number, b: string | number) => boolean): boolean {
    const right = other instanceof MarkedFact ? other.#raw : other;
    if (typeof right !== 'string' && typeof right !== 'number') return false;
    if (typeof this.#raw === 'number') return decide(this.#raw, Number(right));
    return decide(this.#raw, String(right));
  }

  equals(other: unknown): boolean {
    return this.#compare(other, (a, b) => a === b);
  }
  gt(other: unknown): boolean {
    return this.#compare(other, (a, b) => a > b);
  }
  geq(other: unknown): boolean {
    return this.#compare(other, (a, b) => a >= b);
  }
  lt(other: unknown): boolean {
    return this.#compare(other, (a, b) => a < b);
  }
  leq(other: unknown): boolean {
    return this.#compare(other, (a, b) => a <= b);
  }
}

export type Marked = { scope: object; facts: RenderFact[] };

/** The scope a template sees: facts by their dotted paths, lists as rows, absent optional facts as null. */
export function markFacts(input: RenderInput): Marked {
  const facts: RenderFact[] = [];
  const scope: Record<string, unknown> = Object.create(null);
  const mark = (fact: RenderFact) => new MarkedFact(facts.push(fact) - 1, fact.raw, fact.display);
  for (const path of input.absent) put(scope, path, null);
  for (const fact of input.facts) put(scope, fact.path, mark(fact));
  for (const list of input.lists) {
    put(
      scope,
      list.path,
      list.rows.map((row) =>
        Object.assign(Object.create(null), Object.fromEntries(Object.entries(row).map(([name, fact]) => [name, mark(fact)]))),
      ),
    );
  }
  return { scope, facts };
}

function put(scope: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('.');
  let at = scope;
  for (const part of parts.slice(0, -1)) {
    at[part] ??= Object.create(null);
    at = at[part] as Record<string, unknown>;
  }
  at[parts.at(-1)!] = value;
}
