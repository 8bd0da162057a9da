/** What a portal offers. Every account has a default configuration, made when it is first needed. */
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';

const OBJECT = 'billing_portal.configuration';

/** Emits billing_portal.configuration.created. */
export async function createConfiguration(rq: ApiRequest): Promise<Doc> {
  return make(rq.tx, rq.params, false);
}

/** Emits billing_portal.configuration.updated. */
export async function updateConfiguration(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const configuration = await tx.require(OBJECT, rq.path.id!);
  assign(configuration, params, tx);
  tx.put(configuration);
  tx.emit('billing_portal.configuration.updated', configuration);
  return configuration;
}

export async function retrieveConfiguration(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require(OBJECT, rq.path.id!);
}

export async function listConfigurations(rq: ApiRequest): Promise<ListAnswer> {
  const { active, is_default: isDefault } = rq.params;
  return rq.tx.list(rq, {
    object: OBJECT,
    where: { active },
    filter: (one) => isDefault === undefined || one.is_default === isDefault,
    scoped: true,
  });
}

/** The account's default configuration: everything the Sandbox's portal can do is on. */
export async function defaultConfiguration(tx: Tx): Promise<Doc> {
  const known = await tx.first({ object: OBJECT, filter: (one) => one.is_default === true });
  if (known !== undefined) return known;
  const features = {
    customer_update: { enabled: true, allowed_updates: ['email', 'name'] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true },
  };
  return make(tx, { features }, true);
}

function make(tx: Tx, params: Params, isDefault: boolean): Doc {
  const configuration = tx.make(OBJECT, 'bpc', {
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    features: noFeatures(),
    is_default: isDefault,
    login_page: { enabled: false, url: null },
  });
  assign(configuration, params, tx);
  tx.put(configuration);
  tx.emit('billing_portal.configuration.created', configuration);
  return configuration;
}

/** Writes what was sent. Changing or pausing a subscription in the portal, and the login page, have no behaviour here and are refused. */
function assign(configuration: Doc, params: Params, tx: Tx): void {
  if (params.login_page?.enabled === true) throw notEmulated('The login page of the billing portal', 'login_page');
  for (const name of ['subscription_update', 'subscription_pause']) {
    if (params.features?.[name]?.enabled === true) throw notEmulated(`The portal feature ${name}`, `features[${name}]`);
  }
  const features = { ...configuration.features };
  for (const [name, given] of Object.entries((params.features ?? {}) as Record<string, Params>)) {
    if (name === 'subscription_update' || name === 'subscription_pause') continue;
    features[name] = { ...features[name], ...cleared(given) };
  }
  if (params.active !== undefined) configuration.active = params.active;
  configuration.features = features;
  configuration.business_profile = { ...configuration.business_profile, ...cleared(params.business_profile ?? {}) };
  configuration.default_return_url = orNull(params.default_return_url, configuration.default_return_url);
  configuration.name = orNull(params.name, configuration.name);
  configuration.metadata = mergeMetadata(configuration.metadata, params.metadata);
  configuration.updated = tx.now();
}

/** '' becomes an empty list for lists of choices, else null. */
function cleared(given: Params): Params {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value === '' ? (name === 'allowed_updates' ? [] : null) : name === 'cancellation_reason' ? reason(value) : value,
    ]),
  );
}

function reason(given: Params): Params {
  return { enabled: given.enabled, feedback_options: given.feedback_options || null, options: given.options || [] };
}

function noFeatures(): Params {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: false },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] },
      enabled: false,
      mode: 'at_period_end',
      proration_behavior: 'none',
    },
    subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      products: null,
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: 'end_trial',
    },
  };
}
