import type { Room } from '../kit/room.ts';
import { routes } from './routes.ts';

export { announceAll } from './announce-all.ts';
export { type PaymentMethodWire, paymentMethodOf, wirePaymentMethod } from './card.ts';
export type {
  Address,
  Customer,
  CustomerGone,
  CustomerInput,
  CustomerReport,
  CustomerStatus,
  PaymentMethodSummary,
} from './customer.ts';
export {
  type Announcement,
  canonicalDecimal,
  columnsOf,
  differences,
  previousValues,
  type Recorded,
  sameValue,
  type Witness,
  wireAmount,
  wireInstant,
  wireValue,
} from './mirror.ts';
export { findCustomer, stripeIdsOfCustomers } from './queries.ts';
export { recordCustomer } from './record-customer.ts';
export { isTerminal, type Transitions, wayTo } from './transitions.ts';
export { paymentMethodSchema } from './wire.ts';

/** What the room plugs into the server. */
export const room: Room = { name: 'customers', routes };
