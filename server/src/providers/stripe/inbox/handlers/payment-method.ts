import { load } from '../../pull/load.ts';
import { type Handler, named } from '../handler.ts';

/** A payment method matters as its customer's default. Detached ones name the customer only in what they were before. */
export const paymentMethod: Handler = {
  target: (object, previous) => named('customer', object.customer) ?? named('customer', previous?.customer),
  load: ({ source, target }) => load(source, target),
};
