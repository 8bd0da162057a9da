import type { Params } from '../../kernel/types.ts';

/** Shipping details as Stripe shows them: every field of the address is there, absent ones null. '' clears. */
export function shippingOf(given: Params | '' | null): Params | null {
  if (given === '' || given === null) return null;
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...given.address };
  return {
    address: Object.fromEntries(Object.entries(address).map(([field, value]) => [field, value === '' ? null : value])),
    carrier: given.carrier || null,
    name: given.name ?? null,
    phone: given.phone || null,
    tracking_number: given.tracking_number || null,
  };
}
