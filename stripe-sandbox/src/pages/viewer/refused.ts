import type { Account, PageRequest } from '../../kernel/types.ts';
import { type Html, html } from '../html.ts';

/** What was asked for and is not emulated, since this process started. */
export async function refusedView(rq: PageRequest, _account: Account): Promise<Html> {
  const refusals = rq.control.refusals();
  if (refusals.length === 0) return html`<p class="note">Nothing was refused: everything that was asked for is emulated.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Refused routes"><table class="list"><thead><tr><th scope="col">Route or parameter</th><th scope="col">Times</th></tr></thead><tbody>${refusals.map(({ what, count }) => html`<tr><td><span class="status bad">not emulated</span> <code>${what}</code></td><td>${count}</td></tr>`)}</tbody></table></div>`;
}
