import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { html } from '../html.ts';
import { clocksView } from './clocks.ts';
import { eventsView } from './events.ts';
import { faultsView } from './faults.ts';
import { framed, VIEWS, viewOf } from './frame.ts';
import { guard } from './guard.ts';
import { objectsView } from './objects.ts';
import { refusedView } from './refused.ts';
import { requestsView } from './requests.ts';

const SHOWN = {
  events: eventsView,
  objects: objectsView,
  requests: requestsView,
  clocks: clocksView,
  faults: faultsView,
  refused: refusedView,
};

/** GET /: what this Sandbox holds, one account at a time. */
export async function showViewer(rq: PageRequest): Promise<PageAnswer> {
  const closed = await guard(rq);
  if (closed !== null) return closed;
  const accounts = await rq.accounts();
  const account = chosen(accounts, rq.query.get('account'));
  if (account === null) {
    const body = html`<p>This Sandbox has no account yet. Make one with <code>POST /_sandbox/accounts</code>.</p>`;
    return framed({ title: 'Stripe Sandbox', account, accounts, view: null, body });
  }
  const view = viewOf(rq);
  return framed({ title: VIEWS[view], account, accounts, view, body: await SHOWN[view](rq, account) });
}

/** The one asked for, else the first that is no platform. */
function chosen(accounts: Account[], id: string | null): Account | null {
  return accounts.find((one) => one.id === id) ?? accounts.find((one) => one.settings.client_id === undefined) ?? accounts[0] ?? null;
}
