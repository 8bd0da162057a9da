import type { Transitions } from '../customers/index.ts';
import type { PaymentDetail } from '../invoices/index.ts';
import type { RefundStatus } from './payment.ts';

/** The life of a payment (model.md section 9); equals the rows of `status_transitions`. Refunds and disputes never move it. */
export const PAYMENT_TRANSITIONS: Transitions<PaymentDetail> = {
  pending: ['processing', 'requires_action', 'succeeded', 'failed', 'partially_paid', 'unknown'],
  processing: ['requires_action', 'succeeded', 'failed', 'unknown'],
  requires_action: ['processing', 'succeeded', 'failed', 'unknown'],
  failed: ['pending', 'processing', 'requires_action', 'succeeded', 'partially_paid'],
  partially_paid: ['processing', 'requires_action', 'succeeded', 'failed', 'unknown'],
  unknown: ['pending', 'processing', 'requires_action', 'succeeded', 'failed', 'partially_paid'],
  succeeded: [],
};

/** The life of a refund; a bank may still send money back that had arrived. */
export const REFUND_TRANSITIONS: Transitions<RefundStatus> = {
  planned: ['pending', 'requires_action', 'succeeded', 'failed', 'unknown'],
  pending: ['succeeded', 'failed', 'canceled', 'requires_action'],
  requires_action: ['pending', 'succeeded', 'failed', 'canceled'],
  succeeded: ['failed'],
  unknown: ['pending', 'succeeded', 'failed', 'canceled'],
  failed: [],
  canceled: [],
};
