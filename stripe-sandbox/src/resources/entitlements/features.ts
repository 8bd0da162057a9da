import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const FEATURE = 'entitlements.feature';
const MAX_NAME = 80;

/** A feature a product may have; its lookup key is unique in the account and never changes. Stripe has no event for it. */
export async function createFeature(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  checkName(params.name, 'name');
  checkName(params.lookup_key, 'lookup_key');
  const taken = await tx.first({ object: FEATURE, where: { lookup_key: params.lookup_key } });
  if (taken !== undefined) {
    throw invalidRequest(`A feature with the lookup key \`${params.lookup_key}\` already exists.`, {
      code: 'resource_already_exists',
      param: 'lookup_key',
    });
  }
  const { lookup_key, name } = params;
  const feature = tx.make(FEATURE, 'feat_test', { active: true, lookup_key, metadata: mergeMetadata(null, params.metadata), name });
  tx.put(feature);
  return feature;
}

export function retrieveFeature(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require(FEATURE, rq.path.id!);
}

/** Archived ones only when asked for. */
export function listFeatures(rq: ApiRequest): Promise<ListAnswer> {
  const { archived, lookup_key } = rq.params;
  return rq.tx.list(rq, { object: FEATURE, where: { active: archived !== true, lookup_key } });
}

/** Renames, archives (`active: false`) or brings back. What customers have already stays. */
export async function updateFeature(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const feature = await retrieveFeature(rq);
  if (params.name !== undefined) {
    checkName(params.name, 'name');
    feature.name = params.name;
  }
  if (params.active !== undefined) feature.active = params.active;
  feature.metadata = mergeMetadata(feature.metadata, params.metadata);
  tx.put(feature);
  return feature;
}

function checkName(value: string, param: string): void {
  if (value === '') throw invalidRequest(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
  if (value.length > MAX_NAME) {
    throw invalidRequest(`Invalid string: must be at most ${MAX_NAME} characters`, { code: 'parameter_invalid_string', param });
  }
}
