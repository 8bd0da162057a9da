/** Invoices: what other folders may do with them. Everything runs in the caller's transaction; a declined payment is a value. */
export { type CollectResult, paymentMethodFor } from './collect.ts';
export { createInvoice } from './create.ts';
export { type FinalizeInput, finalizeInvoice } from './finalize.ts';
export { openPayment } from './paid.ts';
export { type PayInput, payInvoice } from './pay.ts';
export { sendInvoice } from './send.ts';
export { markUncollectible, voidInvoice } from './void.ts';
