import { load } from '../../pull/load.ts';
import { field, type Handler } from '../handler.ts';

/** Tax ids and discounts change what their customer is. */
export const customerPart: Handler = {
  target: field('customer', 'customer'),
  load: ({ source, target }) => load(source, target),
};
