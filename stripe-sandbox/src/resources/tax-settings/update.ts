import { TAX_CODES } from '../../billing/tax/index.ts';
import { SETTINGS_ID, taxSettings } from '../../billing/tax/settings.ts';
import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { fullAddress } from '../../kernel/values.ts';
import { settingsShape } from './retrieve.ts';

/** Changes defaults and head office. Emits tax.settings.updated. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const before = settingsShape(await taxSettings(tx));
  const stored = (await tx.get(SETTINGS_ID)) ?? newSettings(rq, before);
  const { tax_behavior: behavior, tax_code: code } = params.defaults ?? {};
  if (code !== undefined && !TAX_CODES.some((known) => known.id === code))
    throw resourceMissing('tax code', code, { param: 'defaults[tax_code]' });
  stored.defaults = {
    ...stored.defaults,
    ...(behavior === undefined ? {} : { tax_behavior: behavior }),
    ...(code === undefined ? {} : { tax_code: code }),
  };
  if (params.head_office !== undefined) stored.head_office = { address: fullAddress(params.head_office.address) };
  tx.put(stored);
  const shown = settingsShape(await taxSettings(tx));
  const changed = Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(shown[name])),
  );
  tx.emit('tax.settings.updated', shown, { previous: changed });
  return shown;
}

function newSettings(rq: ApiRequest, present: Doc): Doc {
  const { defaults, head_office } = present;
  const stored = rq.tx.make('sandbox.tax_settings', 'taxset', { defaults, head_office });
  stored.id = SETTINGS_ID;
  return stored;
}
