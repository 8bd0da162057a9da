import { loadCheckoutSession } from '../../pull/load-checkout-session.ts';
import { type Handler, itself } from '../handler.ts';

/** A finished Checkout made a subscription, an invoice or a payment: read what it made. */
export const checkoutSession: Handler = {
  target: itself('checkout_session'),
  load: ({ source, target }) => (target ? loadCheckoutSession(source, target.id) : Promise.resolve([])),
};
