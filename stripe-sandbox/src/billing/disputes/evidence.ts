/** Evidence: its fields, its limits, and the words that decide a test dispute. Pure. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Params } from '../../kernel/types.ts';

/** Over all text fields together [docs.stripe.com/disputes/api]. */
const MAX_CHARACTERS = 150_000;

export const TEXT_FIELDS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;

/** These hold ids of uploaded files, and files cannot be uploaded here. */
export const FILE_FIELDS = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const;

export function blankEvidence(): Params {
  const fields = [...TEXT_FIELDS, ...FILE_FIELDS].map((name) => [name, null]);
  return { ...Object.fromEntries(fields), enhanced_evidence: {} };
}

/** Evidence after an update: only what was sent changes, '' clears. Refuses more text than a bank will read. */
export function mergeEvidence(current: Params, given: Params): Params {
  const merged = { ...current };
  for (const name of TEXT_FIELDS) if (given[name] !== undefined) merged[name] = given[name] === '' ? null : given[name];
  const characters = TEXT_FIELDS.reduce((sum, name) => sum + (merged[name]?.length ?? 0), 0);
  if (characters > MAX_CHARACTERS) {
    throw invalidRequest(`The combined character count of all evidence fields can't exceed ${MAX_CHARACTERS}.`, { param: 'evidence' });
  }
  return merged;
}

export function hasEvidence(evidence: Params): boolean {
  return TEXT_FIELDS.some((name) => evidence[name] !== null && evidence[name] !== undefined);
}

export type Verdict = 'won' | 'lost' | 'escalated';

/** What a test dispute's `uncategorized_text` asks for [docs.stripe.com/testing#evidence]; null: the bank takes its time. */
export function verdictIn(evidence: Params): Verdict | null {
  switch (evidence.uncategorized_text?.trim()) {
    case 'winning_evidence':
      return 'won';
    case 'losing_evidence':
      return 'lost';
    case 'escalate_inquiry_evidence':
      return 'escalated';
    default:
      return null;
  }
}
