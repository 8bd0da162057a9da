/** `automatic_tax` of invoices: switched on and off, and what an unknown location does at finalization. */
import { invalidRequest, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { subscriptionUpdated } from '../subscription/announce.ts';
import { automaticTaxShape, locationInvalid, requireTaxSettings } from '../tax/index.ts';

/** `automatic_tax` from its parameters. Refuses it together with tax rates set by hand, and while the tax settings are incomplete. */
export async function chosenAutomaticTax(tx: Tx, given: Params | undefined, rates: Doc[]): Promise<Params> {
  if (given?.enabled !== true) return automaticTaxShape(false);
  if (given.liability !== undefined && given.liability.type !== 'self') throw notSelf();
  await requireTaxSettings(tx);
  if (rates.length > 0) {
    throw invalidRequest('You cannot set `default_tax_rates` when `automatic_tax[enabled]` is true.', { param: 'default_tax_rates' });
  }
  return automaticTaxShape(true);
}

/**
 * Called at finalization, after the sums: an invoice whose tax could not be worked out is refused. An invoice of a subscription goes on
 * without tax and says why [DTS disabled_reason]; when the location is missing, automatic tax is off for the subscription too
 * (docs.stripe.com/tax/customer-locations). Answers whether the sums must be worked out again.
 */
export async function settleAutomaticTax(tx: Tx, invoice: Doc): Promise<boolean> {
  const { enabled, status } = invoice.automatic_tax;
  if (!enabled || status === 'complete') return false;
  const subscription = await tx.get(invoice.parent?.subscription_details?.subscription ?? '', { object: 'subscription' });
  if (subscription === undefined) throw status === 'failed' ? calculationFailed() : locationInvalid();
  const reason = status === 'failed' ? 'finalization_system_error' : 'finalization_requires_location_inputs';
  invoice.automatic_tax = { ...automaticTaxShape(false), disabled_reason: reason };
  // An outage passes; a missing address stays missing.
  if (status === 'failed') return true;
  subscription.automatic_tax = { disabled_reason: 'requires_location_inputs', enabled: false, liability: null };
  await subscriptionUpdated(tx, subscription);
  return true;
}

/** Tax rates set by hand have no place on an invoice with automatic tax [DTS automatic_tax.enabled]. */
export function refuseManualRates(invoice: Doc | null, given: Params, param: string): void {
  if (invoice?.automatic_tax.enabled !== true || !(given.tax_rates?.length > 0)) return;
  throw invalidRequest('You cannot set `tax_rates` on an item of an invoice with `automatic_tax[enabled]`.', {
    param: param === '' ? 'tax_rates' : `${param}[tax_rates]`,
  });
}

function calculationFailed(): StripeError {
  return new StripeError(400, {
    type: 'invalid_request_error',
    code: 'taxes_calculation_failed',
    message: 'Tax could not be calculated because of an error. Try again later.',
  });
}

function notSelf(): StripeError {
  return new StripeError(400, {
    type: 'invalid_request_error',
    code: 'sandbox_not_emulated',
    message: 'automatic_tax[liability] of another account is not emulated by the Stripe Sandbox.',
    param: 'automatic_tax[liability][type]',
  });
}
