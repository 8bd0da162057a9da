import { invalidRequest, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { Params } from '../../kernel/types.ts';
import { MAX_ITEMS } from './items.ts';

const MAX_INTERVAL_DAYS = 3 * 365;

/** What the parameter types of a new subscription cannot say: exclusions and ranges. */
export function checkCreate(params: Params): void {
  if (params.customer === undefined) throw parameterMissing('customer');
  if (!Array.isArray(params.items) || params.items.length === 0) throw parameterMissing('items');
  if (params.items.length > MAX_ITEMS) throw invalidRequest(`Subscriptions can have at most ${MAX_ITEMS} items.`, { param: 'items' });
  if (params.trial_end !== undefined && params.trial_period_days !== undefined) throw parametersExclusive('trial_end', 'trial_period_days');
  if (params.billing_cycle_anchor !== undefined && params.billing_cycle_anchor_config !== undefined) {
    throw parametersExclusive('billing_cycle_anchor', 'billing_cycle_anchor_config');
  }
  if (params.cancel_at !== undefined && params.cancel_at_period_end === true)
    throw parametersExclusive('cancel_at', 'cancel_at_period_end');
  checkCollection(params);
  if (typeof params.trial_period_days === 'number' && params.trial_period_days > MAX_INTERVAL_DAYS) {
    throw invalidRequest('trial_period_days must be at most 1095.', { param: 'trial_period_days' });
  }
}

/** Invoices that are sent need a due date and cannot fail a payment behaviour [S 3.5]. */
export function checkCollection(params: Params): void {
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify `days_until_due`.', {
      param: 'days_until_due',
    });
  }
  if (params.collection_method !== 'send_invoice' && params.days_until_due !== undefined) {
    throw invalidRequest('You can only specify `days_until_due` if `collection_method` is set to `send_invoice`.', {
      param: 'days_until_due',
    });
  }
}
