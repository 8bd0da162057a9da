/** The page behind a charge's receipt_url: what was paid, with which card, and what came back. */
import type { Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { brandName } from '../../pages/card-form.ts';
import { day, money } from '../../pages/format.ts';
import { html } from '../../pages/html.ts';
import { messagePage, page } from '../../pages/layout.ts';

/** Shows the receipt of a paid charge; anybody with the link may see it, as at Stripe. */
export async function showReceipt(rq: PageRequest): Promise<PageAnswer> {
  const found = await rq.find(rq.path.charge!);
  const charge = found?.doc;
  if (found === null || charge?.object !== 'charge' || charge.paid !== true)
    return messagePage({ status: 404, title: 'Receipt not found', text: 'There is no receipt at this address.' });
  const merchant = (await rq.accounts()).find((one) => one.id === found.account)?.settings.name ?? 'Stripe Sandbox';
  const back = refundedOf(charge);
  const body = html`<section class="paper"><p class="amount">${money(charge.amount_captured, charge.currency)}</p>
<p>${back === 0 ? html`<span class="status good">Paid</span>` : html`<span class="status warn">${back >= charge.amount_captured ? 'Refunded' : 'Partly refunded'}</span>`}</p>
<dl class="facts">${rowsOf(charge).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
  return page({ title: `Receipt from ${merchant}`, merchant, body });
}

function rowsOf(charge: Doc): [string, string][] {
  const card = charge.payment_method_details?.card;
  const rows: [string, string][] = [
    ['Amount paid', money(charge.amount_captured, charge.currency)],
    ['Date paid', day(charge.created)],
    ['Payment method', card ? `${brandName(card.brand)} •••• ${card.last4}` : 'Other'],
    ['Receipt number', String(charge.receipt_number ?? charge.id)],
  ];
  if (charge.description) rows.push(['For', charge.description]);
  const refunded = refundedOf(charge);
  if (refunded > 0) {
    rows.push(['Refunded', money(refunded, charge.currency)]);
    rows.push(['Left', money(charge.amount_captured - refunded, charge.currency)]);
  }
  return rows;
}

/** What went back to the card; an amount that was never captured is no refund. */
function refundedOf(charge: Doc): number {
  return charge.amount_refunded - (charge.amount - charge.amount_captured);
}
