import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `customer.subscription.*`: read the subscription again; a deleted one is still there, as canceled. */
export const subscription: Handler = {
  target: itself('subscription'),
  load: ({ source, target }) => load(source, target),
};
