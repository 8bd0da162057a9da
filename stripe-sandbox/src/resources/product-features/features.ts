/** Which features a product has. Customers get them when their subscription next changes. */
import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Answer, ApiRequest, Doc, ListAnswer, Tx } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

const ATTACHED = 'product_feature';

/** Attaches an active feature, once per product. Stripe has no event for it. */
export async function attachFeature(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const product = await tx.require('product', rq.path.product!);
  const feature = await tx.require('entitlements.feature', params.entitlement_feature, { param: 'entitlement_feature' });
  if (feature.active !== true)
    throw invalidRequest('This feature is archived and cannot be attached to a product.', { param: 'entitlement_feature' });
  const attached = await tx.query({ object: ATTACHED, where: { ref: product.id } });
  if (attached.some((one) => one.entitlement_feature.id === feature.id)) {
    throw invalidRequest('This feature is already attached to the product.', { param: 'entitlement_feature' });
  }
  const made = tx.make(ATTACHED, 'prodft_test', { entitlement_feature: feature, _ref: product.id });
  tx.put(made);
  return made;
}

export async function listProductFeatures(rq: ApiRequest): Promise<ListAnswer> {
  const product = await rq.tx.require('product', rq.path.product!);
  const answer = await rq.tx.list(rq, { object: ATTACHED, where: { ref: product.id } });
  return { ...answer, data: await Promise.all(answer.data.map((attached) => withPresentFeature(rq.tx, attached))) };
}

export async function retrieveProductFeature(rq: ApiRequest): Promise<Doc> {
  return withPresentFeature(rq.tx, await find(rq));
}

/** Detaches it; the feature itself stays. */
export async function detachFeature(rq: ApiRequest): Promise<Answer> {
  const attached = await find(rq);
  rq.tx.remove(attached);
  return deletedAnswer(attached);
}

/** 404 when it is another product's. */
async function find(rq: ApiRequest): Promise<Doc> {
  const attached = await rq.tx.require(ATTACHED, rq.path.id!);
  if (attached._ref !== rq.path.product) throw resourceMissing(ATTACHED, attached.id);
  return attached;
}

/** The feature is embedded as it is now. */
async function withPresentFeature(tx: Tx, attached: Doc): Promise<Doc> {
  return { ...attached, entitlement_feature: (await tx.get(attached.entitlement_feature.id)) ?? attached.entitlement_feature };
}
