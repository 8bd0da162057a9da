import { load } from '../../pull/load.ts';
import { field, type Handler } from '../handler.ts';

/** A method saved without a charge may have become the customer's default. */
export const setupIntent: Handler = {
  target: field('customer', 'customer'),
  load: ({ source, target }) => load(source, target),
};
