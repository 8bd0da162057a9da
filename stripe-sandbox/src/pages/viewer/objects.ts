import type { Transaction } from '../../kernel/transaction.ts';
import type { Account, Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';
import type { EventRow } from '../../store/port.ts';
import { instant, money } from '../format.ts';
import { type Html, html } from '../html.ts';
import { messagePage } from '../layout.ts';
import { eventTable } from './events.ts';
import { actionForm, framed, objectLink, pathTo } from './frame.ts';
import { guard } from './guard.ts';
import { jsonBlock } from './json.ts';

const SHOWN = 50;
const MAX_EVENTS = 20;
const TYPES = [
  'customer',
  'subscription',
  'invoice',
  'payment_intent',
  'charge',
  'refund',
  'payment_method',
  'setup_intent',
  'checkout.session',
  'payment_link',
  'billing_portal.configuration',
  'product',
  'price',
  'coupon',
  'promotion_code',
  'credit_note',
  'billing.meter',
  'billing.credit_grant',
  'webhook_endpoint',
  'v2.core.event_destination',
];

/** The newest objects of one type. */
export async function objectsView(rq: PageRequest, account: Account): Promise<Html> {
  const asked = rq.query.get('type') ?? '';
  const type = TYPES.includes(asked) ? asked : 'customer';
  const docs = await rq.transaction(account.id, (tx) => tx.query({ object: type, limit: SHOWN }));
  const links = TYPES.map(
    (name) =>
      html`<a href="${pathTo(account.id, 'objects', { type: name })}"${name === type ? html` aria-current="page"` : null}>${name.replaceAll(/[._]/g, ' ')}</a>`,
  );
  return html`<nav class="tabs" aria-label="Types">${links}</nav>${docs.length === 0 ? html`<p>None yet.</p>` : objectTable(docs)}`;
}

function objectTable(docs: Doc[]): Html {
  const row = (doc: Doc) =>
    html`<tr><td>${objectLink(doc.id)}</td><td>${titleOf(doc)}</td><td>${doc.status ?? ''}</td><td>${instant(doc.created)}</td></tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Objects"><table class="list"><thead><tr><th scope="col">Id</th><th scope="col">What</th><th scope="col">Status</th><th scope="col">Created</th></tr></thead><tbody>${docs.map(row)}</tbody></table></div>`;
}

/** GET /viewer/object/{object}: its body, its events, and for a payer the order for the next payment. */
export async function showObject(rq: PageRequest): Promise<PageAnswer> {
  const closed = await guard(rq);
  if (closed !== null) return closed;
  const found = await rq.find(rq.path.object!);
  const account = (await rq.accounts()).find((one) => one.id === found?.account);
  if (found === null || account === undefined || found.doc.object.startsWith('sandbox.')) {
    return messagePage({
      status: 404,
      title: 'No such object',
      text: 'It may have been deleted.',
      link: { href: '/', label: 'All events' },
    });
  }
  const { doc } = found;
  const events = await rq.transaction(account.id, (tx) =>
    (tx as Transaction).reads.events({ account: account.id, objectId: doc.id, order: 'newest', limit: MAX_EVENTS }),
  );
  const body = html`<p><code>${doc.id}</code> · ${titleOf(doc)}</p>
${['customer', 'payment_method'].includes(doc.object) ? nextPayment(rq, account.id, doc) : null}
<section class="card"><h2>Object</h2>${jsonBlock(doc)}</section>
<section class="card"><h2>Its events</h2>${events.length === 0 ? html`<p class="quiet">None.</p>` : eventTable(events)}</section>
${versions(events)}`;
  return framed({ title: doc.object.replaceAll(/[._]/g, ' '), account, accounts: [], view: 'objects', body });
}

/** How the object looked at each of its events, newest first, and what had changed. */
function versions(events: EventRow[]): Html | null {
  const shots = events.filter((event) => event.doc.data?.object !== undefined);
  if (shots.length === 0) return null;
  const one = ({ doc, type, created }: EventRow) => {
    const changed = Object.keys(doc.data.previous_attributes ?? {});
    return html`<details><summary>${instant(created)} · ${type}${changed.length === 0 ? '' : ` (${changed.join(', ')})`}</summary>${jsonBlock(doc.data.object)}</details>`;
  };
  return html`<section class="card"><h2>Previous versions</h2>${shots.map(one)}</section>`;
}

function nextPayment(rq: PageRequest, account: string, doc: Doc): Html {
  const options = {
    card_declined: 'is declined',
    insufficient_funds: 'fails for insufficient funds',
    expired_card: 'fails because the card has expired',
    requires_action: 'asks the bank',
    succeed: 'succeeds',
  };
  const inner = html`<div class="field"><label for="outcome">The next payment of this ${doc.object === 'customer' ? 'customer' : 'card'}</label><select id="outcome" name="outcome">${Object.entries(options).map(([value, label]) => html`<option value="${value}">${label}</option>`)}</select></div><button>Make it so</button>`;
  const who = doc.object === 'customer' ? 'customer' : 'payment_method';
  return html`<section class="card"><h2>Make the next payment fail</h2>${actionForm(rq, { action: 'outcome', fields: { account, [who]: doc.id }, back: `/viewer/object/${doc.id}`, inner, className: 'inline' })}</section>`;
}

function titleOf(doc: Doc): string {
  const amount = doc.amount_due ?? doc.amount ?? doc.amount_total ?? doc.unit_amount;
  const priced = typeof amount === 'number' && typeof doc.currency === 'string' ? money(amount, doc.currency) : '';
  const card = doc.card === undefined ? '' : `${doc.card?.brand} ${doc.card?.last4}`;
  const name = doc.name ?? doc.email ?? doc.number ?? doc.url ?? doc.description ?? card;
  return [name, priced].filter(Boolean).join(' · ');
}
