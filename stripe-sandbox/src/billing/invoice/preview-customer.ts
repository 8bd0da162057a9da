import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { fullAddress, mergeMetadata } from '../../kernel/values.ts';

/**
 * The customer a preview is for: an existing one with `customer_details` laid over it, or somebody who is no customer yet. Only for use inside
 * `previewing`, which takes everything back.
 */
export async function previewCustomer(tx: Tx, id: string | null, details: Params | undefined): Promise<Doc> {
  const customer = id === null ? stranger(tx) : await tx.require('customer', id, { param: 'customer' });
  if (details === undefined) return customer;
  if (details.address !== undefined) customer.address = fullAddress(details.address);
  if (details.shipping !== undefined) customer.shipping = shippingOf(details.shipping);
  if (details.tax_exempt !== undefined) customer.tax_exempt = details.tax_exempt || 'none';
  if (details.tax?.ip_address !== undefined) customer._tax_ip = details.tax.ip_address || null;
  tx.put(customer);
  if (details.tax_ids !== undefined) await replaceTaxIds(tx, customer, details.tax_ids);
  return customer;
}

function stranger(tx: Tx): Doc {
  const customer = tx.make('customer', 'cus', {
    balance: 0,
    currency: null,
    delinquent: false,
    discount: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    metadata: mergeMetadata(null, {}),
    tax_exempt: 'none',
    _stranger: true,
    _clock: null,
  });
  tx.put(customer);
  return customer;
}

async function replaceTaxIds(tx: Tx, customer: Doc, given: Params[]): Promise<void> {
  for (const old of await tx.query({ object: 'tax_id', where: { customer: customer.id } })) tx.remove(old);
  for (const { type, value } of given) tx.put(tx.make('tax_id', 'txi', { customer: customer.id, type, value }, customer));
}

function shippingOf(given: Params | ''): Params | null {
  return given === '' ? null : { address: fullAddress(given.address), name: given.name, phone: given.phone || null };
}
