import type { LoggedRequest } from '../../http/request-log.ts';
import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { instant } from '../format.ts';
import { type Html, html } from '../html.ts';
import { messagePage } from '../layout.ts';
import { framed } from './frame.ts';
import { guard } from './guard.ts';
import { jsonBlock } from './json.ts';

const SHOWN = 100;
/** As many as the log keeps. */
const KEPT = 500;
const MS = 1000;

/** The account's last API requests, newest first. */
export async function requestsView(rq: PageRequest, account: Account): Promise<Html> {
  const requests = rq.control.requests({ account: account.id, limit: SHOWN });
  if (requests.length === 0) return html`<p>No request came since this process started.</p>`;
  const row = (one: LoggedRequest) =>
    html`<tr><td><a href="/viewer/request/${one.id}">${one.method} ${one.path.split('?')[0]}</a></td><td>${statusBadge(one.status)}</td><td>${one.durationMs} ms</td><td>${instant(Math.floor(one.at / MS))}</td></tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Requests"><table class="list"><thead><tr><th scope="col">Request</th><th scope="col">Answer</th><th scope="col">Took</th><th scope="col">At</th></tr></thead><tbody>${requests.map(row)}</tbody></table></div>`;
}

/** GET /viewer/request/{request}: parameters and answer, as the log keeps them: without secrets and card numbers. */
export async function showRequest(rq: PageRequest): Promise<PageAnswer> {
  const closed = await guard(rq);
  if (closed !== null) return closed;
  const found = rq.control.requests({ limit: KEPT }).find((one) => one.id === rq.path.request);
  if (found === undefined) {
    return messagePage({
      status: 404,
      title: 'No such request',
      text: 'Only the last requests are kept.',
      link: { href: '/', label: 'All events' },
    });
  }
  const account = (await rq.accounts()).find((one) => one.id === found.account) ?? null;
  const body = html`<p>${statusBadge(found.status)} ${instant(Math.floor(found.at / MS))} · ${found.durationMs} ms · <code>${found.id}</code></p>
<section class="card"><h2>Parameters</h2>${isEmpty(found.params) ? html`<p class="quiet">None.</p>` : jsonBlock(found.params)}</section>
<section class="card"><h2>Answer</h2>${answerBlock(found.body)}</section>`;
  return framed({ title: `${found.method} ${found.path.split('?')[0]}`, account, accounts: [], view: 'requests', body });
}

function statusBadge(status: number): Html {
  const tone = status === 0 ? 'bad' : status < 400 ? 'good' : status < 500 ? 'warn' : 'bad';
  return html`<span class="status ${tone}">${status === 0 ? 'dropped' : status}</span>`;
}

/** A long answer was cut and is no JSON any more. */
function answerBlock(text: string): Html {
  try {
    return jsonBlock(JSON.parse(text));
  } catch {
    return html`<pre tabindex="0">${text}${text === '' ? '(empty)' : ' …'}</pre>`;
  }
}

function isEmpty(params: unknown): boolean {
  return params === null || params === undefined || (typeof params === 'object' && Object.keys(params).length === 0);
}
