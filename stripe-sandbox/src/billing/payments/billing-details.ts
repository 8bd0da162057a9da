/** The billing details of a payment method. */
import type { Params } from '../../kernel/types.ts';

/** Stripe's billing details with every field present. */
export function billingDetails(given: Params | undefined): Params {
  const base = { address: blankAddress(), email: null, name: null, phone: null, tax_id: null };
  return mergeBillingDetails(base, given);
}

/** Billing details after an update: only what was sent changes, '' clears. */
export function mergeBillingDetails(current: Params, given: Params | undefined): Params {
  const merged: Params = { ...current };
  for (const [key, value] of Object.entries(given ?? {})) {
    if (key !== 'address') merged[key] = value === '' ? null : value;
    else merged.address = value === '' ? blankAddress() : { ...blankAddress(), ...current.address, ...emptyToNull(value) };
  }
  return merged;
}

function blankAddress(): Params {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
}

function emptyToNull(values: Params): Params {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === '' ? null : value]));
}
