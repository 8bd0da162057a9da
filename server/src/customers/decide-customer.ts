import { wireAddress, wirePaymentMethod } from './card.ts';
import type { Customer, CustomerInput, CustomerReport } from './customer.ts';
import { type Announcement, differences, previousValues } from './mirror.ts';

/** What a report changes: the columns to write, and what followers are told. An empty patch means nothing happened. */
export type CustomerDecision = { patch: Partial<Customer>; announcements: Announcement[] };

const NOTHING: CustomerDecision = { patch: {}, announcements: [] };

/** Compares a report with the row it is about (null: first sight). Deletion is sticky: nothing is adopted after it. */
export function decideCustomer(before: Customer | null, input: CustomerInput, now: Temporal.Instant): CustomerDecision {
  if (before?.deletedInStripeAt) return NOTHING;
  if (input.deleted) return deletion(before, input.witnessAt ?? now);
  const facts = factsOf(before, input);
  if (before === null) return { patch: facts, announcements: [{ type: 'customer.created', key: '' }] };
  const patch = differences(before, facts);
  if (Object.keys(patch).length === 0) return NOTHING;
  return { patch, announcements: [updated(before, patch)] };
}

function deletion(before: Customer | null, at: Temporal.Instant): CustomerDecision {
  const patch: Partial<Customer> = { status: 'archived', deletedInStripeAt: at };
  const announcement =
    before?.status === 'archived' ? updated(before, patch) : { type: 'customer.archived', key: String((before?.rev ?? 0n) + 1n) };
  return { patch, announcements: [{ ...announcement, data: { deleted_in_stripe: true } }] };
}

function updated(before: Customer, patch: Partial<Customer>): Announcement {
  const inWireForm = {
    ...before,
    billingAddress: wireAddress(before.billingAddress),
    paymentMethod: wirePaymentMethod(before.paymentMethod),
  };
  return { type: 'customer.updated', key: String(before.rev + 1n), previous: previousValues(inWireForm, patch) };
}

/** sync.md section 5: what Stripe leaves empty clears ours, except the address mail goes to and the currency once it is set. */
function factsOf(before: Customer | null, input: CustomerReport): Partial<Customer> {
  return {
    connectionId: input.connectionId,
    stripeId: input.stripeId,
    name: input.name,
    email: input.email ?? before?.email ?? null,
    phone: input.phone,
    locale: input.locale,
    timeZone: input.timeZone ?? before?.timeZone ?? null,
    billingAddress: input.billingAddress,
    currency: input.currency ?? before?.currency ?? null,
    balanceAmount: input.balanceAmount,
    taxExempt: input.taxExempt,
    metadata: input.metadata,
    paymentMethod: input.paymentMethod,
  };
}
