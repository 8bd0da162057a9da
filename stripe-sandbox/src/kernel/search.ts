/**
 * Stripe's search: `field:'value'`, `field~'part'` (3 characters or more), `<` `>` on numbers, `-` in front to negate, null for absent,
 * at most ten clauses joined by AND or by OR, never both [S 3.9]. Pages by an opaque token.
 */
import { invalidRequest } from './errors.ts';
import { fillPath } from './list.ts';
import type { ApiRequest, Doc, SearchAnswer, Tx } from './types.ts';

const MAX_CLAUSES = 10;
const MIN_PART = 3;
const DEFAULT_LIMIT = 10;
/** The private object that says by how many seconds search is behind (control API, `lag_search`). */
export const SEARCH_LAG = 'search_lag';

type Operator = ':' | '~' | '<' | '>' | '<=' | '>=';
export type Clause = { negated: boolean; field: string; key: string | null; operator: Operator; value: string | number | null };
type Fields = Record<string, (doc: Doc) => unknown>;

export async function searchAnswer(tx: Tx, rq: ApiRequest, spec: { object: string; fields: Fields }): Promise<SearchAnswer> {
  const { query, limit = DEFAULT_LIMIT, page } = rq.params;
  const { clauses, any } = parseQuery(String(query ?? ''), spec.fields);
  const offset = page ? decodePage(page) : 0;
  const lag: number = (await tx.get(SEARCH_LAG))?.seconds ?? 0;
  const filter = (doc: Doc) => {
    if (lag > 0 && tx.now(doc) - doc.created < lag) return false;
    const found = (clause: Clause) => holds(clause, doc, spec.fields);
    return any ? clauses.some(found) : clauses.every(found);
  };
  const found = await tx.query({ object: spec.object, filter, limit: offset + limit + 1 });
  const more = found.length > offset + limit;
  return {
    object: 'search_result',
    data: found.slice(offset, offset + limit),
    has_more: more,
    next_page: more ? encodePage(offset + limit) : null,
    url: fillPath(rq),
  };
}

/** The clauses and whether one suffices (OR). Throws Stripe's 400 for what it cannot read. */
export function parseQuery(query: string, fields: Fields): { clauses: Clause[]; any: boolean } {
  const pattern =
    /\s*(-?)([a-z0-9_.]+)(?:\[(?:"([^"]*)"|'([^']*)')\])?\s*(:|~|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?|null|true|false))\s*(AND|OR|and|or)?/y;
  const clauses: Clause[] = [];
  const joins = new Set<string>();
  while (pattern.lastIndex < query.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(query);
    if (match === null) throw unreadable(`We were unable to parse your search query near '${query.slice(at).trim()}'.`);
    clauses.push(clauseFrom(match, fields));
    if (match[9] !== undefined) joins.add(match[9].toUpperCase());
  }
  if (clauses.length === 0) throw unreadable('Your search query is empty.');
  if (clauses.length > MAX_CLAUSES) throw unreadable(`Search queries can have at most ${MAX_CLAUSES} clauses.`);
  if (/\b(AND|OR)\s*$/i.test(unquoted(query))) throw unreadable('A search query cannot end with AND or OR.');
  if (joins.size > 1) throw unreadable('Search queries cannot combine AND and OR.');
  return { clauses, any: joins.has('OR') };
}

/** The query without what stands in quotes. */
function unquoted(query: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "''");
}

function clauseFrom(match: RegExpExecArray, fields: Fields): Clause {
  const field = match[2]!;
  if (fields[field] === undefined) throw unreadable(`Field \`${field}\` is an unsupported search field for this resource.`);
  const quoted = match[6] ?? match[7];
  const bare = match[8];
  const value =
    quoted !== undefined
      ? quoted.replace(/\\(.)/g, '$1')
      : bare === 'null'
        ? null
        : bare === 'true' || bare === 'false'
          ? bare
          : Number(bare);
  const operator = match[5] as Operator;
  if (operator === '~' && String(value).length < MIN_PART) throw unreadable(`Substring searches need at least ${MIN_PART} characters.`);
  const compares = operator !== ':' && operator !== '~';
  if (compares && (value === null || Number.isNaN(Number(value)) || value === '')) {
    throw unreadable(`The operator ${operator} compares numbers; \`${field}\` was given ${value === null ? 'null' : `'${value}'`}.`);
  }
  if (field === 'metadata' && (match[3] ?? match[4]) === undefined) throw unreadable('Searching metadata needs a key: metadata["key"].');
  return { negated: match[1] === '-', field, key: match[3] ?? match[4] ?? null, operator, value };
}

function holds(clause: Clause, doc: Doc, fields: Fields): boolean {
  const found = fields[clause.field]!(doc) as unknown;
  const actual = clause.key === null ? found : ((found as Record<string, unknown> | null)?.[clause.key] ?? null);
  return matchesValue(clause, actual) !== clause.negated;
}

function matchesValue(clause: Clause, actual: unknown): boolean {
  const { operator, value } = clause;
  if (value === null) return actual === null || actual === undefined;
  if (actual === null || actual === undefined) return false;
  if (operator === ':') return String(actual).toLowerCase() === String(value).toLowerCase();
  if (operator === '~') return String(actual).toLowerCase().includes(String(value).toLowerCase());
  const [left, right] = [Number(actual), Number(value)];
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function encodePage(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function decodePage(page: string): number {
  const offset = Number(/^offset:(\d+)$/.exec(Buffer.from(page, 'base64url').toString())?.[1]);
  if (!Number.isSafeInteger(offset)) throw invalidRequest('Invalid page token.', { param: 'page' });
  return offset;
}

function unreadable(message: string) {
  return invalidRequest(message, { param: 'query' });
}
