/** The portal configuration that every account has from its first day. */
import type { Doc, Params } from '../../kernel/types.ts';
import { noFeatures } from './features.ts';

/** Everything the portal can do without being told of products is on. */
export const DEFAULT_FEATURES: Record<string, Params> = {
  customer_update: { allowed_updates: ['email', 'name', 'address', 'phone', 'tax_id'], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true },
};

/** As it stands in a fresh account; `now` in epoch seconds. */
export function defaultConfigurationDoc(id: string, now: number): Doc {
  const none = noFeatures();
  const features = Object.fromEntries(Object.entries(none).map(([name, off]) => [name, { ...off, ...DEFAULT_FEATURES[name] }]));
  return {
    id,
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: now,
    default_return_url: null,
    features,
    is_default: true,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: now,
    _clock: null,
  };
}
