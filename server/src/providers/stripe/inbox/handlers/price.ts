import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `price.*`: what a subscription's item costs and how often. */
export const price: Handler = {
  target: itself('price'),
  load: ({ source, target }) => load(source, target),
};
