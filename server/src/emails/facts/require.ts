/** L6: what must hold of the facts before anything is rendered. */
import { type DateValue, type Fact, type FactSchema, type MoneyValue, requiredPaths, type TriggerSpec } from './fact.ts';

export type Missing = { field: string; reason: string };

/** The first required fact that is missing, empty, negative or past; null when the facts suffice. Optional facts must be sound too. */
export function checkFacts(a: { facts: Fact[]; spec: TriggerSpec; variant: string; now: Temporal.Instant }): Missing | null {
  const byPath = new Map(a.facts.map((fact) => [fact.path, fact]));
  for (const path of requiredPaths(a.spec, a.variant)) {
    const fact = byPath.get(path);
    if (!fact) return { field: path, reason: 'missing' };
    const wrong = fault(fact, a.spec.facts, a.now);
    if (wrong) return { field: path, reason: wrong };
  }
  for (const fact of a.facts) {
    const wrong = fault(fact, a.spec.facts, a.now);
    if (wrong && wrong !== 'past' && wrong !== 'empty') return { field: fact.path, reason: wrong };
  }
  return null;
}

/** Facts that may be shown: an optional date that has passed, or an empty text, is left out rather than told. */
export function presentable(facts: Fact[], schema: FactSchema, now: Temporal.Instant): Fact[] {
  return facts.filter((fact) => fault(fact, schema, now) === null);
}

function fault(fact: Fact, schema: FactSchema, now: Temporal.Instant): string | null {
  const spec = schema[fact.path];
  if (fact.type === 'list') return (fact.value as Fact[][]).length === 0 ? 'empty' : null;
  if (fact.display.trim() === '') return 'empty';
  if (/\b(NaN|undefined|null|Invalid Date|Infinity)\b/.test(fact.display) && fact.type !== 'string') return 'not_a_value';
  if (fact.type === 'date' && spec?.future && Temporal.Instant.compare((fact.value as DateValue).at, now) < 0) return 'past';
  if (fact.type === 'money' && spec?.notNegative && (fact.value as MoneyValue).amount < 0n) return 'negative';
  if (fact.type === 'integer' && (!Number.isSafeInteger(fact.value) || (spec?.notNegative && Number(fact.value) < 0))) return 'not_a_value';
  if (fact.type === 'url' && !/^https?:\/\/[^\s"'<>]+$/.test(String(fact.value))) return 'not_a_link';
  return null;
}
