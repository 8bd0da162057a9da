import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `product.*`: mails name the product, so our copy follows every rename. */
export const product: Handler = {
  target: itself('product'),
  load: ({ source, target }) => load(source, target),
};
