/** Facts on their way into a render worker: flat, plain, with the absent optional ones named. */
import type { RenderFact, RenderInput } from '../render/marked.ts';
import type { DateValue, Fact, FactSchema, MoneyValue } from './fact.ts';

/** Rows of a list that a mail shows before it counts the rest (K13). */
const LIST_ROWS = 200;

export function toRenderInput(facts: Fact[], schema: FactSchema): RenderInput {
  const present = new Set(facts.map((fact) => fact.path));
  const lists = facts.filter((fact) => fact.type === 'list').map((fact) => listOf(fact));
  return {
    facts: facts.filter((fact) => fact.type !== 'list').map(flat),
    lists,
    absent: Object.keys(schema).filter((path) => !present.has(path)),
  };
}

function listOf(fact: Fact): RenderInput['lists'][number] {
  const rows = fact.value as Fact[][];
  const shown = rows.slice(0, LIST_ROWS).map((row) => Object.fromEntries(row.map((cell) => [nameOf(cell.path), flat(cell)])));
  return { path: fact.path, rows: shown, more: rows.length - shown.length };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function flat(fact: Fact): RenderFact {
  return { path: fact.path, type: fact.type, raw: rawOf(fact), display: fact.display };
}

/** What comparisons in a template see. */
function rawOf(fact: Fact): string | number {
  if (fact.type === 'money') return Number((fact.value as MoneyValue).amount);
  if (fact.type === 'date') return (fact.value as DateValue).at.toString();
  if (fact.type === 'integer') return Number(fact.value);
  return fact.type === 'enum' ? String(fact.value).split(':')[0]! : fact.display;
}
