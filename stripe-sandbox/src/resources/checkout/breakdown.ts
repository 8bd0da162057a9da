/** `total_details` with its `breakdown`, shown when it is expanded. */
import type { TaxAmount } from '../../billing/tax/index.ts';
import type { Doc, Includable, Params, Tx } from '../../kernel/types.ts';
import type { SessionDiscount } from './discounts.ts';

export const includeTotalDetails: Includable = async (tx, session) => {
  if (session.total_details == null) return session.total_details;
  const taxes: Params[] = [];
  for (const tax of (session._taxes ?? []) as TaxAmount[]) taxes.push(await taxPart(tx, tax));
  return { ...session.total_details, breakdown: { discounts: discountParts(session), taxes } };
};

async function taxPart(tx: Tx, { amount, rate, reason, taxable }: TaxAmount): Promise<Params> {
  return {
    amount,
    rate: await tx.require('tax_rate', rate),
    // Rates set by hand have no reason.
    taxability_reason: reason === 'not_available' ? null : reason,
    taxable_amount: taxable,
  };
}

/** Subscription and invoice make discounts of their own; that of the session exists here only, under one id for its whole life. */
function discountParts(session: Doc): Params[] {
  return ((session.discounts ?? []) as SessionDiscount[]).map(({ coupon, promotion_code: code }) => ({
    amount: session.total_details.amount_discount,
    discount: {
      id: `di_${session.id.slice('cs_test_'.length)}`,
      object: 'discount',
      checkout_session: session.id,
      customer: session.customer,
      customer_account: null,
      end: null,
      invoice: null,
      invoice_item: null,
      promotion_code: code,
      source: { coupon, type: 'coupon' },
      start: session.created,
      subscription: null,
      subscription_item: null,
    },
  }));
}
