import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** A PaymentIntent belongs to an invoice, whose state then counts, or stands for itself. */
export const paymentIntent: Handler = {
  target: itself('payment_intent'),
  load: ({ source, target }) => load(source, target),
};
