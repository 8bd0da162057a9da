import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { finalizeInvoice } from './finalize.ts';

/** Sends an invoice to its customer: a draft is finalized first. Emits invoice.sent; no mail leaves the Sandbox. */
export async function sendInvoice(tx: Tx, input: { invoice: Doc }): Promise<Doc> {
  const { invoice } = input;
  if (invoice.collection_method !== 'send_invoice') {
    throw invalidRequest("You can only manually send an invoice if its collection method is 'send_invoice'.");
  }
  if (invoice.status === 'draft') await finalizeInvoice(tx, { invoice });
  if (invoice.status === 'void') throw invalidRequest('You cannot send a voided invoice.');
  tx.emit('invoice.sent', invoice);
  return invoice;
}
