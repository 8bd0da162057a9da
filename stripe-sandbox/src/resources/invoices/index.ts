import { onPaymentIntentSettled } from '../../billing/invoice/settle.ts';
import { dueDue, finalizeDue, overdueDue, retryDue, willBeDueDue } from '../../billing/invoice/timers.ts';
import { stopAllOf } from '../../billing/invoice/void.ts';
import type { HookListeners, ResourceFolder, Route, TimerHandler } from '../../kernel/types.ts';
import { invoiceIncludables } from './includables.ts';
import { invoiceRoutes } from './routes.ts';

export const routes: Route[] = invoiceRoutes;
export const timers: Record<string, TimerHandler> = {
  invoice_finalize: finalizeDue,
  payment_retry: retryDue,
  invoice_due: dueDue,
  invoice_overdue: overdueDue,
  invoice_will_be_due: willBeDueDue,
};
export const hooks: HookListeners = {
  'payment_intent.settled': onPaymentIntentSettled,
  'customer.deleted': async (tx, { customer }) => stopAllOf(tx, customer.id),
  'clock.deleted': async (tx, { customer }) => stopAllOf(tx, customer.id),
};
export const includables: NonNullable<ResourceFolder['includables']> = { invoice: invoiceIncludables };
