import type { Services } from './services.ts';
import type { Doc, Params, Tx } from './types.ts';

/** A new object: the contract's blank, the given fields, the clock of `of`. Not stored yet. */
export function makeDoc(services: Services, tx: Tx, from: { object: string; prefix: string; fields: Params; of: Doc | null }): Doc {
  const clockId = from.fields._clock !== undefined ? from.fields._clock : (from.of?._clock ?? null);
  const base = { id: tx.newId(from.prefix), object: from.object, created: tx.now({ _clock: clockId }) };
  const doc: Doc = { ...base, ...services.contract.blank(from.object), ...base, ...withoutUndefined(from.fields), _clock: clockId };
  // A few objects have no `created` at Stripe; the row still wants one.
  if (!services.contract.hasField(from.object, 'created')) {
    doc._created = doc.created;
    delete (doc as Params).created;
  }
  return doc;
}

function withoutUndefined(fields: Params): Params {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
