import { load } from '../../pull/load.ts';
import { field, type Handler } from '../handler.ts';

/** `invoice_payment.paid` comes seconds after the rest and counts for its invoice. */
export const invoicePayment: Handler = {
  target: field('invoice', 'invoice'),
  load: ({ source, target }) => load(source, target),
};
