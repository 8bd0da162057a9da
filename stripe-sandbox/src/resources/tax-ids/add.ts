import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** The shapes that are checked; other types are taken as they come. */
const SHAPES: Record<string, RegExp> = {
  eu_vat: /^[A-Z]{2}[0-9A-Z+*]{2,12}$/,
  gb_vat: /^(GB)?(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  us_ein: /^\d{2}-?\d{7}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)$/,
  au_abn: /^\d{11}$/,
  no_vat: /^\d{9}MVA$/,
};
/** eu_vat, gb_vat and au_abn are looked up in public registers, in test mode by magic values; others stay unverified. */
const VERIFIABLE = new Set(['eu_vat', 'gb_vat', 'au_abn']);
const MAGIC: Record<string, string> = { '000000000': 'verified', '111111111': 'unverified', '222222222': 'pending' };

/** Adds a tax id to the customer, or to the account when there is none. Emits customer.tax_id.created. Refuses malformed numbers. */
export function addTaxId(tx: Tx, input: { customer: Doc | null; type: string; value: string }): Doc {
  const { customer, type } = input;
  const value = input.value.trim();
  if (SHAPES[type]?.test(value) === false) {
    throw invalidRequest(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param: 'value' });
  }
  const taxId = tx.make(
    'tax_id',
    'txi',
    {
      country: countryOf(type, value),
      customer: customer?.id ?? null,
      owner:
        customer === null ? { customer_account: null, type: 'self' } : { customer: customer.id, customer_account: null, type: 'customer' },
      type,
      value,
      verification: { status: statusOf(type, value), verified_address: null, verified_name: null },
    },
    customer,
  );
  tx.put(taxId);
  if (customer !== null) tx.emit('customer.tax_id.created', taxId);
  return taxId;
}

/** Removes it. Emits customer.tax_id.deleted. */
export function removeTaxId(tx: Tx, taxId: Doc): void {
  if (taxId.customer !== null) tx.emit('customer.tax_id.deleted', taxId);
  tx.remove(taxId);
}

function countryOf(type: string, value: string): string | null {
  if (type === 'eu_vat') return value.slice(0, 2) === 'EL' ? 'GR' : value.slice(0, 2);
  if (type === 'eu_oss_vat') return null;
  return type.slice(0, 2).toUpperCase();
}

function statusOf(type: string, value: string): string {
  if (!VERIFIABLE.has(type)) return 'unavailable';
  return MAGIC[value.replace(/^[A-Z]{2}/, '')] ?? 'pending';
}
