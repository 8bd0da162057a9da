import type { Room } from '../kit/room.ts';
import { routes } from './routes.ts';

export type {
  Dispute,
  DisputeInput,
  InvoicePaymentInput,
  Payment,
  PaymentError,
  PaymentIntentInput,
  Refund,
  RefundInput,
  RefundStatus,
} from './payment.ts';
export { findPaymentOf, getPayment, paymentOfInvoice } from './queries.ts';
export { recordDispute } from './record-dispute.ts';
export { recordInvoicePayment } from './record-invoice-payment.ts';
export { recordPaymentIntent } from './record-payment-intent.ts';
export { recordRefund } from './record-refund.ts';
export { refundWithPayment } from './refund-queries.ts';

/** What the room plugs into the server. */
export const room: Room = { name: 'payments', routes };
