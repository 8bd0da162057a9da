import type { Doc, Tx } from '../../kernel/types.ts';
import { DAY } from '../subscription/period.ts';

/**
 * When an account tells of due dates: Stripe leaves the days to Automations [DTS invoice.will_be_due, invoice.overdue], here they are the settings
 * `will_be_due_days` (none by default) and `overdue_days` (0: on the due date).
 */
export function reminders(tx: Tx): { willBeDue: number | null; overdue: number } {
  const { will_be_due_days: before, overdue_days: after } = tx.account.settings;
  return { willBeDue: typeof before === 'number' ? before : null, overdue: typeof after === 'number' ? after : 0 };
}

/** Sets the timers of a finalized invoice with a due date. */
export function scheduleReminders(tx: Tx, invoice: Doc): void {
  if (invoice.due_date === null || invoice.collection_method !== 'send_invoice') return;
  const at = (kind: string, dueAt: number) => tx.schedule({ kind, ref: invoice.id, dueAt, clock: invoice._clock });
  at('invoice_due', invoice.due_date);
  const { willBeDue } = reminders(tx);
  const warning = willBeDue === null ? null : invoice.due_date - willBeDue * DAY;
  if (warning !== null && warning > tx.now(invoice)) at('invoice_will_be_due', warning);
}
