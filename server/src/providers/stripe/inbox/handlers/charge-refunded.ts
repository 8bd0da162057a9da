import { loadRefundsOfCharge } from '../../pull/load-refunds.ts';
import { type Handler, itself } from '../handler.ts';

/** Older flows announce a refund only on its charge: read every refund the charge has. */
export const chargeRefunded: Handler = {
  target: itself('charge'),
  load: ({ source, target }) => (target ? loadRefundsOfCharge(source, target.id) : Promise.resolve([])),
};
