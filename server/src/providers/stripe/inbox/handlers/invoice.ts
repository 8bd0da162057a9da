import { load } from '../../pull/load.ts';
import { type Handler, itself } from '../handler.ts';

/** `invoice.*` of an invoice that exists: read it again together with the PaymentIntent that decides how it stands. */
export const invoice: Handler = {
  target: itself('invoice'),
  load: ({ source, target }) => load(source, target),
};
