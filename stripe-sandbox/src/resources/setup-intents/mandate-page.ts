/** The page behind a debit mandate's url: what the account's owner agreed to. */
import type { PageAnswer, PageRequest } from '../../kernel/types.ts';
import { page } from '../charges/receipt-page.ts';

const MS = 1000;

/** Anybody with the link may see it, as at Stripe. */
export async function showMandate(rq: PageRequest): Promise<PageAnswer> {
  const found = await rq.find(rq.path.mandate!);
  const mandate = found?.doc;
  const reference: string | undefined = mandate?.payment_method_details?.sepa_debit?.reference;
  if (mandate?.object !== 'mandate' || reference === undefined)
    return page(404, 'Mandate not found', '<p>There is no mandate at this address.</p>');
  const accepted = new Date(mandate.customer_acceptance.accepted_at * MS).toISOString().slice(0, 10);
  const rows = [
    ['Reference', reference],
    ['Accepted on', accepted],
    ['Use', mandate.type === 'single_use' ? 'One payment' : 'Recurring payments'],
    ['Status', mandate.status],
  ];
  return page(200, 'SEPA Direct Debit mandate', `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`);
}
