import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `customer.created`, `.updated`, `.deleted`: read the customer again; Stripe answers a stub for a deleted one. */
export const customer: Handler = {
  target: itself('customer'),
  load: ({ source, target }) => load(source, target),
};
