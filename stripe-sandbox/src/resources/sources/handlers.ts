import { detachPaymentMethod, mergeBillingDetails } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import { difference } from '../../kernel/event.ts';
import type { Answer, ApiRequest, Doc, ListAnswer, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { addSource } from './add.ts';
import { cardView, isCardSource, requireSource } from './card.ts';

/** Parameter of the older card → field of the billing address. */
const ADDRESS: Record<string, string> = {
  address_city: 'city',
  address_country: 'country',
  address_line1: 'line1',
  address_line2: 'line2',
  address_state: 'state',
  address_zip: 'postal_code',
};
const LAST_MONTH = 12;

/** POST /v1/customers/{customer}/sources: saves the card of a token. */
export async function createSource(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  const metadata = mergeMetadata(null, params.metadata);
  return cardView(await addSource(tx, { customer, source: params.source, metadata, asDefault: false }));
}

export async function retrieveSource(rq: ApiRequest): Promise<Doc> {
  return cardView(await ownSource(rq));
}

/** Sources of the customer, newest first; `object` narrows to a kind, and only cards exist. */
export async function listSources(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  const wanted = params.object === undefined || params.object === 'card';
  const answer = await tx.list(rq, {
    object: 'payment_method',
    where: { customer: customer.id },
    filter: (method) => wanted && isCardSource(method.id),
    scoped: true,
  });
  return { ...answer, data: answer.data.map(cardView) };
}

/** Name, address, expiry and metadata; the card itself never changes. Emits customer.source.updated. */
export async function updateSource(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const method = await ownSource(rq);
  const before = cardView(structuredClone(method));
  method.billing_details = mergeBillingDetails(method.billing_details, billingOf(params));
  if (params.exp_month) method.card.exp_month = monthOf(params.exp_month);
  if (params.exp_year) method.card.exp_year = Number(params.exp_year);
  method.metadata = mergeMetadata(method.metadata, params.metadata);
  tx.put(method);
  const view = cardView(method);
  tx.emit('customer.source.updated', view, { previous: difference(before, view) });
  return view;
}

/** Detaches the card for good. Emits payment_method.detached and customer.source.deleted; another card becomes the default. */
export async function deleteSource(rq: ApiRequest): Promise<Answer> {
  const method = await ownSource(rq);
  await detachPaymentMethod(rq.tx, { paymentMethod: method });
  return { id: method.id, object: 'card', deleted: true };
}

async function ownSource(rq: ApiRequest): Promise<Doc> {
  const customer = await rq.tx.require('customer', rq.path.customer!);
  return requireSource(rq.tx, { customer, id: rq.path.id! });
}

function billingOf(params: Params): Params {
  const address = Object.entries(ADDRESS).filter(([name]) => params[name] !== undefined);
  return {
    ...(params.name === undefined ? {} : { name: params.name }),
    ...(address.length === 0 ? {} : { address: Object.fromEntries(address.map(([name, field]) => [field, params[name]])) }),
  };
}

function monthOf(text: string): number {
  const month = Number(text);
  if (Number.isInteger(month) && month >= 1 && month <= LAST_MONTH) return month;
  throw invalidRequest("Your card's expiration month is invalid.", { code: 'invalid_expiry_month', param: 'exp_month' });
}
