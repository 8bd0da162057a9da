import type { Doc, PageAnswer, PageRequest, Tx } from '../../kernel/types.ts';
import { savedCards } from '../card-form.ts';
import { messagePage } from '../layout.ts';

export type Shown = {
  account: string;
  token: string;
  invoice: Doc;
  customer: Doc | null;
  saved: Doc[];
  /** The newest attempt, when there was one. */
  intent: Doc | null;
  receiptUrl: string | null;
};

/** The invoice behind the address's token; null for an unknown token. */
export async function loadInvoice(rq: PageRequest): Promise<Shown | null> {
  const link = await rq.find(rq.path.token ?? '');
  if (link === null || link.doc.object !== 'sandbox.link') return null;
  const { account, doc } = link;
  return rq.transaction(account, async (tx) => {
    const invoice = await tx.get(doc.ref, { object: 'invoice' });
    if (invoice === undefined) return null;
    const customer = (await tx.get(invoice.customer, { object: 'customer' })) ?? null;
    const intent = await lastIntent(tx, invoice);
    const charge = intent?.latest_charge == null ? undefined : await tx.get(intent.latest_charge, { object: 'charge' });
    const receiptUrl: string | null = charge?.paid === true ? charge.receipt_url : null;
    return { account, token: doc.id, invoice, customer, saved: await savedCards(tx, customer), intent, receiptUrl };
  });
}

export async function lastIntent(tx: Tx, invoice: Doc): Promise<Doc | null> {
  const [payment] = await tx.query({
    object: 'invoice_payment',
    where: { invoice: invoice.id },
    filter: (one) => one.is_default,
    limit: 1,
  });
  const id: string | undefined = payment?.payment.payment_intent;
  return id === undefined ? null : ((await tx.get(id, { object: 'payment_intent' })) ?? null);
}

export function notFound(): PageAnswer {
  return messagePage({ status: 404, title: 'This invoice does not exist', text: 'Check the address, or ask the sender for a new link.' });
}

export function purposeOf(invoice: Doc): string {
  return `invoice ${invoice.id}`;
}

export function isPayable(invoice: Doc): boolean {
  return (invoice.status === 'open' || invoice.status === 'uncollectible') && invoice.amount_remaining > 0;
}
