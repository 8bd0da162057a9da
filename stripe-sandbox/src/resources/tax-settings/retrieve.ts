import { missingFields, type TaxSettings, taxSettings } from '../../billing/tax/settings.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** The account's tax settings. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return settingsShape(await taxSettings(rq.tx));
}

/** Tax settings as shown: `active` once nothing is missing. They have no id. */
export function settingsShape(settings: TaxSettings): Doc {
  const missing = missingFields(settings);
  return {
    object: 'tax.settings',
    defaults: settings.defaults,
    head_office: settings.head_office,
    livemode: false,
    status: missing.length === 0 ? 'active' : 'pending',
    status_details: missing.length === 0 ? { active: {} } : { pending: { missing_fields: missing } },
  } as unknown as Doc;
}
