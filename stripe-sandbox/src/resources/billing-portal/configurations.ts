/** What a portal offers. Every account has a default configuration (default.ts). */
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';
import { httpUrl } from '../../pages/layout.ts';
import { DEFAULT_FEATURES } from './default.ts';
import { mergeFeatures, noFeatures } from './features.ts';

const OBJECT = 'billing_portal.configuration';
const TOKEN_LENGTH = 24;
const URLS = ['privacy_policy_url', 'terms_of_service_url'];

/** Emits billing_portal.configuration.created. */
export async function createConfiguration(rq: ApiRequest): Promise<Doc> {
  return make(rq.tx, rq.params, false);
}

/** Emits billing_portal.configuration.updated. The default configuration stays active. */
export async function updateConfiguration(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const configuration = await tx.require(OBJECT, rq.path.id!);
  if (params.active === false && configuration.is_default)
    throw invalidRequest('You cannot deactivate the default configuration.', { param: 'active' });
  await assign(tx, configuration, params);
  tx.put(configuration);
  tx.emit('billing_portal.configuration.updated', configuration);
  return configuration;
}

export async function retrieveConfiguration(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require(OBJECT, rq.path.id!);
}

/** Newest first; the account's default is among them. */
export async function listConfigurations(rq: ApiRequest): Promise<ListAnswer> {
  const { active, is_default: isDefault } = rq.params;
  return rq.tx.list(rq, {
    object: OBJECT,
    where: { active },
    filter: (one) => isDefault === undefined || one.is_default === isDefault,
    scoped: true,
  });
}

/** The account's default configuration; made anew where an older state was put back without one. */
export async function defaultConfiguration(tx: Tx): Promise<Doc> {
  const known = await tx.first({ object: OBJECT, where: { active: true }, filter: (one) => one.is_default === true });
  return known ?? make(tx, { features: DEFAULT_FEATURES }, true);
}

async function make(tx: Tx, params: Params, isDefault: boolean): Promise<Doc> {
  const configuration = tx.make(OBJECT, 'bpc', {
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    features: noFeatures(),
    is_default: isDefault,
    login_page: { enabled: false, url: null },
  });
  await assign(tx, configuration, params);
  tx.put(configuration);
  tx.emit('billing_portal.configuration.created', configuration);
  return configuration;
}

/** Writes what was sent. */
async function assign(tx: Tx, configuration: Doc, params: Params): Promise<void> {
  configuration.features = await mergeFeatures(tx, configuration.features, params.features ?? {});
  if (params.active !== undefined) configuration.active = params.active;
  setProfile(configuration, params.business_profile ?? {});
  if (params.default_return_url && httpUrl(params.default_return_url) === null)
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'default_return_url' });
  configuration.default_return_url = orNull(params.default_return_url, configuration.default_return_url);
  configuration.name = orNull(params.name, configuration.name);
  configuration.metadata = mergeMetadata(configuration.metadata, params.metadata);
  if (params.login_page !== undefined) setLoginPage(tx, configuration, params.login_page.enabled);
  configuration.updated = tx.now();
}

function setProfile(configuration: Doc, given: Params): void {
  for (const name of URLS) {
    if (given[name] && httpUrl(given[name]) === null)
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: `business_profile[${name}]` });
  }
  const profile = { ...configuration.business_profile };
  for (const [name, value] of Object.entries(given)) profile[name] = value === '' ? null : value;
  configuration.business_profile = profile;
}

/** The address of a login page stays the same while it is on; switching it on again gives a new one. */
function setLoginPage(tx: Tx, configuration: Doc, enabled: boolean): void {
  if (configuration.login_page.enabled === enabled) return;
  if (!enabled) {
    configuration.login_page = { enabled, url: null };
    return;
  }
  const link = tx.make('sandbox.link', 'test', { ref: configuration.id });
  link.id = `test_${tx.secret(TOKEN_LENGTH)}`;
  tx.put(link);
  configuration.login_page = { enabled, url: `${tx.publicUrl}/p/login/${link.id}` };
}
