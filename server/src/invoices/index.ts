import type { Room } from '../kit/room.ts';
import { routes } from './routes.ts';

export { invoiceEventData } from './event-data.ts';
export type {
  Invoice,
  InvoiceInput,
  InvoiceKind,
  InvoiceLine,
  InvoiceLineInput,
  InvoiceStatus,
  InvoiceWithLines,
  PaymentDetail,
  PaymentStatus,
} from './invoice.ts';
export { getInvoiceWithLines, lockInvoice } from './queries.ts';
export { recordInvoiceDeleted } from './record-deleted.ts';
export { recordInvoice } from './record-invoice.ts';
export { setPaymentState } from './set-payment-state.ts';
export { setReturnedAmount } from './set-returned.ts';
export { isSettled } from './status.ts';

/** What the room plugs into the server. */
export const room: Room = { name: 'invoices', routes };
