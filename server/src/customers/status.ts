import type { CustomerStatus } from './customer.ts';
import type { Transitions } from './transitions.ts';

/** The life of a customer; equals the rows of `status_transitions`. */
export const CUSTOMER_TRANSITIONS: Transitions<CustomerStatus> = {
  active: ['archived'],
  archived: ['active'],
};
