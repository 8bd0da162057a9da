import { fetchObject } from './fetch.ts';
import { toInvoice } from './invoice.ts';
import { invoiceOfIntent } from './invoice-of-intent.ts';
import { decidingIntent } from './invoice-payment.ts';
import { knownOf } from './known.ts';
import { parentsOf } from './parents.ts';
import { type Fetched, keyOf, type Source, type Target } from './source.ts';
import { Unreadable } from './unreadable.ts';

/** Chains are customer → subscription → invoice → payment → refund; anything longer is a circle. */
const DEPTH_MAX = 6;

/**
 * Reads an object and whatever it rests on that we have no copy of yet, in the order in which they can be recorded. A PaymentIntent that
 * pays an invoice is answered by that invoice. Throws StripeFailure, or Unreadable where a mapping cannot read the answer.
 */
export async function load(source: Source, target: Target | null, depth = 0): Promise<Fetched[]> {
  if (target === null) return [];
  if (depth > DEPTH_MAX) throw new Unreadable(`${keyOf(target)}: parents more than ${DEPTH_MAX} deep`);
  const fetched = await fetchObject(source, target);
  if (fetched.body === null || fetched.deleted) return [fetched];
  if (fetched.type === 'payment_intent') {
    const invoice = await invoiceOfIntent(source, fetched.id);
    // The PaymentIntent's own copy is kept as well, so that refunds and disputes know it.
    if (invoice !== null) return [...(await load(source, { type: 'invoice', id: invoice }, depth + 1)), { ...fetched, ofInvoice: true }];
  }
  if (fetched.type === 'invoice') fetched.intent = await intentOf(source, fetched);
  return [...(await parents(source, fetched, depth)), fetched];
}

async function parents(source: Source, fetched: Fetched, depth: number): Promise<Fetched[]> {
  const wanted = parentsOf(fetched);
  const known = await knownOf(source, wanted);
  const loaded: Fetched[] = [];
  for (const parent of wanted) {
    if (known.has(keyOf(parent)) || loaded.some((one) => keyOf(one) === keyOf(parent))) continue;
    loaded.push(...(await load(source, parent, depth + 1)));
  }
  return loaded;
}

async function intentOf(source: Source, invoice: Fetched): Promise<Fetched['body']> {
  const id = decidingIntent(toInvoice(invoice.body).payments);
  return id === null ? null : (await fetchObject(source, { type: 'payment_intent', id })).body;
}
