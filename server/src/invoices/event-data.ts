import { stripeIdsOfCustomers, wireValue } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { Invoice } from './invoice.ts';

/** What every event about an invoice or its payment carries. */
export async function invoiceEventData(tx: Ctx, invoice: Invoice): Promise<Record<string, unknown>> {
  const stripeIds = await stripeIdsOfCustomers(tx, [invoice.customerId]);
  return {
    customer_id: invoice.customerId,
    subscription_id: invoice.subscriptionId,
    invoice_id: invoice.id,
    stripe_customer_id: stripeIds.get(invoice.customerId) ?? null,
    stripe_object_id: invoice.stripeId,
    status: invoice.status,
    payment_status: invoice.paymentStatus,
    billing_reason: invoice.billingReason,
    collection_method: invoice.collectionMethod,
    total_amount: wireValue(invoice.totalAmount),
    remaining_amount: wireValue(invoice.remainingAmount),
    currency: invoice.currency,
  };
}
