import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `refund.*` and `charge.refund.updated`: read the refund again; its payment first where we do not know it. */
export const refund: Handler = {
  target: itself('refund'),
  load: ({ source, target }) => load(source, target),
};
