/** The page behind a debit mandate's url: what the account's owner agreed to. */
import type { PageAnswer, PageRequest } from '../../kernel/types.ts';
import { html } from '../../pages/html.ts';
import { messagePage, page } from '../../pages/layout.ts';

const MS = 1000;

/** Anybody with the link may see it, as at Stripe. */
export async function showMandate(rq: PageRequest): Promise<PageAnswer> {
  const found = await rq.find(rq.path.mandate!);
  const mandate = found?.doc;
  const reference: string | undefined = mandate?.payment_method_details?.sepa_debit?.reference;
  if (mandate?.object !== 'mandate' || reference === undefined)
    return messagePage({ status: 404, title: 'Mandate not found', text: 'There is no mandate at this address.' });
  const accepted = new Date(mandate.customer_acceptance.accepted_at * MS).toISOString().slice(0, 10);
  const rows: [string, string][] = [
    ['Reference', reference],
    ['Accepted on', accepted],
    ['Use', mandate.type === 'single_use' ? 'One payment' : 'Recurring payments'],
    ['Status', mandate.status],
  ];
  const body = html`<section class="paper"><dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
  return page({ title: 'SEPA Direct Debit mandate', body });
}
