/** Made-up facts for drafting: the same for everybody, and no customer's (F1, K7). */
import { plusDays } from '../../kit/time.ts';
import type { FactRow, FactSchema, FactValue, FieldSpec, RawFact, SampleValue } from './fact.ts';

export function sampleFacts(schema: FactSchema, now: Temporal.Instant): RawFact[] {
  return Object.entries(schema).map(([path, spec]) => factOf(path, spec, spec.sample, now));
}

function factOf(path: string, spec: FieldSpec, sample: SampleValue, now: Temporal.Instant): RawFact {
  return {
    path,
    type: spec.type,
    value: sampleValue(path, spec, sample, now),
    source: { object: 'sample', id: 'sample', field: spec.field, read_at: now.toString() },
  };
}

function sampleValue(path: string, spec: FieldSpec, sample: SampleValue, now: Temporal.Instant): FactValue {
  if (Array.isArray(sample)) {
    return sample.map(
      (row): FactRow =>
        Object.fromEntries(
          Object.entries(spec.item ?? {}).map(([name, item]) => [name, factOf(`${path}.${name}`, item, row[name] ?? item.sample, now)]),
        ),
    );
  }
  if (typeof sample === 'object')
    return 'days' in sample
      ? { at: plusDays(now, sample.days), timeZone: 'UTC' }
      : { amount: BigInt(sample.amount), currency: sample.currency };
  return sample;
}
