import type { Transaction } from '../../kernel/transaction.ts';
import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import type { DeliveryRow, EventRow } from '../../store/port.ts';
import { instant } from '../format.ts';
import { type Html, html } from '../html.ts';
import { messagePage } from '../layout.ts';
import { actionForm, framed, objectLink } from './frame.ts';
import { guard } from './guard.ts';
import { jsonBlock } from './json.ts';

const SHOWN = 60;
const MAX_DELIVERIES = 100;

/** The newest events of the account. */
export async function eventsView(rq: PageRequest, account: Account): Promise<Html> {
  const events = await rq.transaction(account.id, (tx) =>
    (tx as Transaction).reads.events({ account: account.id, order: 'newest', limit: SHOWN }),
  );
  return events.length === 0 ? html`<p>Nothing has happened yet.</p>` : eventTable(events);
}

export function eventTable(events: EventRow[]): Html {
  const row = ({ doc, id, type, objectId, created }: EventRow) =>
    html`<tr><td><a href="/viewer/event/${id}">${type}</a></td><td>${instant(created)}</td><td>${objectId === null ? '' : objectLink(objectId)}</td><td>${doc.pending_webhooks}</td></tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Events"><table class="list"><thead><tr><th scope="col">Event</th><th scope="col">Time of the object</th><th scope="col">Object</th><th scope="col">Endpoints</th></tr></thead><tbody>${events.map(row)}</tbody></table></div>`;
}

/** GET /viewer/event/{event}: its deliveries, the button that sends it again, its body. */
export async function showEvent(rq: PageRequest): Promise<PageAnswer> {
  const closed = await guard(rq);
  if (closed !== null) return closed;
  const accounts = await rq.accounts();
  const id = rq.path.event!;
  for (const account of accounts) {
    const found = await rq.transaction(account.id, async (tx) => {
      const { reads } = tx as Transaction;
      const event = await reads.event(account.id, id);
      return event === undefined
        ? null
        : { event, deliveries: await reads.deliveries({ account: account.id, event: id, limit: MAX_DELIVERIES }) };
    });
    if (found === null) continue;
    const { event, deliveries } = found;
    const inner = html`<button class="secondary small">Send again</button>`;
    const resend = actionForm(rq, { action: 'resend', fields: { account: account.id, event: id }, back: `/viewer/event/${id}`, inner });
    const body = html`<p>${instant(event.created)} · ${event.objectId === null ? '' : objectLink(event.objectId)}</p>
<section class="card"><h2>Deliveries</h2>${deliveryTable(deliveries)}${deliveries.length === 0 ? null : resend}</section>
<section class="card"><h2>Body</h2>${jsonBlock(event.doc)}</section>`;
    return framed({ title: event.type, account, accounts: [], view: 'events', body });
  }
  return messagePage({
    status: 404,
    title: 'No such event',
    text: 'It may have been cleared by a reset.',
    link: { href: '/', label: 'All events' },
  });
}

function deliveryTable(rows: DeliveryRow[]): Html {
  if (rows.length === 0) return html`<p class="quiet">No endpoint listens to this event.</p>`;
  const tone = { succeeded: 'good', failed: 'bad', pending: 'warn' };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Deliveries"><table class="list"><thead><tr><th scope="col">Endpoint</th><th scope="col">Status</th><th scope="col">Attempts</th><th scope="col">Answer</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><td>${objectLink(row.endpoint)}</td><td><span class="status ${tone[row.status]}">${row.status}</span></td><td>${row.attempts}</td><td>${row.responseStatus ?? 'none'}${row.durationMs === null ? '' : ` in ${row.durationMs} ms`}</td></tr>`,
  )}</tbody></table></div>`;
}
