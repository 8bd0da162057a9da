import type { Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { addressLines } from '../address.ts';
import { cardEntry, cardFields, cardPicker, type Errors } from '../card-form.ts';
import { alert, text, tokenField } from '../form.ts';
import { day, money } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { isPayable, loadInvoice, notFound, purposeOf, type Shown } from './load.ts';
import { lineRows, statusOf, sumRows } from './rows.ts';

/** GET /i/{token}: the invoice, and while it is open the form that pays it. */
export async function showInvoice(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadInvoice(rq);
  if (shown === null) return notFound();
  const failed = rq.query.get('redirect_status') === 'failed' && isPayable(shown.invoice);
  return invoicePage(rq, shown, { message: failed ? (shown.intent?.last_payment_error?.message ?? null) : null });
}

export type InvoiceState = { errors?: Errors; message?: string | null; status?: number };

export function invoicePage(rq: PageRequest, shown: Shown, state: InvoiceState): PageAnswer {
  const { invoice } = shown;
  const merchant: string = invoice.account_name ?? 'Stripe Sandbox';
  const payable = isPayable(invoice);
  const paper = html`<div><article class="paper">${head(shown)}${parties(invoice)}${lines(invoice)}${small(invoice)}</article>
<p class="actions below"><a class="button secondary" href="/i/${shown.token}/pdf">Download PDF</a>${shown.receiptUrl === null ? null : html`<a class="button secondary" href="${shown.receiptUrl}">View receipt</a>`}</p></div>`;
  const body = payable ? html`<div class="columns">${paper}${payForm(rq, shown, state)}</div>` : html`${doneBox(invoice)}${paper}`;
  const width = payable ? 'wide' : 'medium';
  return page({ title: `Invoice ${invoice.number ?? ''}`.trim(), merchant, body, width, status: state.status ?? 200 });
}

function head({ invoice }: Shown): Html {
  const status = statusOf(invoice);
  const fact = (name: string, value: string | null) => (value === null ? null : html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<p class="amount">${money(invoice.status === 'paid' ? invoice.amount_paid : invoice.amount_remaining, invoice.currency)}</p>
<p><span class="status ${status.tone}">${status.label}</span></p>
<dl class="facts">
${fact('Number', invoice.number)}
${fact('Date', day(invoice.effective_at ?? invoice.created))}
${fact('Due', invoice.due_date === null ? null : day(invoice.due_date))}
${fact('Paid', invoice.status_transitions.paid_at === null ? null : day(invoice.status_transitions.paid_at))}
${((invoice.custom_fields ?? []) as { name: string; value: string }[]).map((one) => fact(one.name, one.value))}
</dl>`;
}

/** Who sells and who buys, as frozen on the invoice. */
function parties(invoice: Doc): Html {
  const party = (title: string, rows: (string | null)[]) =>
    html`<section><h2>${title}</h2>${rows.filter((row) => row !== null && row !== '').map((row) => html`<p>${row}</p>`)}</section>`;
  const taxIds = ((invoice.customer_tax_ids ?? []) as { value: string | null }[]).map((one) => one.value);
  const buyer = [invoice.customer_name, ...addressLines(invoice.customer_address), invoice.customer_email, ...taxIds];
  return html`<div class="parties">${party('From', [invoice.account_name ?? 'Stripe Sandbox'])}${party('Bill to', buyer)}</div>`;
}

function small(invoice: Doc): Html {
  return html`${invoice.description === null ? null : html`<p>${invoice.description}</p>`}${invoice.footer === null ? null : html`<p class="quiet">${invoice.footer}</p>`}`;
}

function lines(invoice: Doc): Html {
  return html`<table class="lines"><caption class="visually-hidden">Lines of the invoice</caption>
<thead><tr><th scope="col">Description</th><th scope="col">Amount</th></tr></thead>
<tbody>${lineRows(invoice).map((row) => html`<tr><td>${row.description}<small>${row.detail}</small></td><td>${row.amount}</td></tr>`)}</tbody>
<tfoot>${sumRows(invoice).map((row) => html`<tr${row.strong ? html` class="total"` : null}><th scope="row">${row.label}</th><td>${row.amount}</td></tr>`)}</tfoot>
</table>`;
}

function payForm(rq: PageRequest, { token, invoice, saved }: Shown, state: InvoiceState): Html {
  const keep = rq.method === 'POST' ? text(rq, 'keep') === 'yes' : true;
  return html`<form method="post" action="/i/${token}" class="card" novalidate aria-label="Pay this invoice">
${alert(state.message)}
${tokenField(rq, purposeOf(invoice))}
${cardFields({ entry: cardEntry(rq, saved), saved, errors: state.errors ?? {}, legend: 'Pay this invoice' })}
<label class="check"><input type="checkbox" name="keep" value="yes"${keep ? html` checked` : null}> Use this card for future payments</label>
<button name="action" value="pay" class="block">Pay ${money(invoice.amount_remaining, invoice.currency)}</button>
${cardPicker()}
</form>`;
}

function doneBox(invoice: Doc): Html {
  const saying = { paid: 'This invoice is paid. Thank you.', void: 'This invoice was voided: nothing is due.' }[invoice.status as 'paid'];
  return html`<p class="note" role="status">${saying ?? 'Nothing is due on this invoice.'}</p>`;
}
