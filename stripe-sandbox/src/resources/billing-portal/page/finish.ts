/** A task is done: where the flow wants the customer next. */
import type { Doc, PageAnswer, PageRequest, Tx } from '../../../kernel/types.ts';
import { html } from '../../../pages/html.ts';
import { page, redirect } from '../../../pages/layout.ts';
import { portalFrame } from './frame.ts';
import { closed, loadPortal, type Shown } from './load.ts';

/** The flow is not repeated when the page is opened again. */
export function endFlow(tx: Tx, session: Doc): void {
  if (session.flow === null || session._flow_done === true) return;
  session._flow_done = true;
  tx.put(session);
}

/** Home, the page that says it is done, or the flow's own address. */
export function nextAfter({ session }: Pick<Shown, 'session'>): string {
  const after = session.flow?.after_completion;
  if (after?.type === 'redirect') return after.redirect.return_url;
  return after?.type === 'hosted_confirmation' ? `/p/${session.id}/done` : `/p/${session.id}`;
}

/** GET /p/{session}/done: the flow's confirmation. */
export async function showDone(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const { session, merchant } = shown;
  if (session._flow_done !== true || session.flow?.after_completion.type !== 'hosted_confirmation') return redirect(`/p/${session.id}`);
  const words: string | null = session.flow.after_completion.hosted_confirmation.custom_message;
  const body = html`<p class="note" role="status">Your change is saved.</p>${words === null ? null : html`<p>${words}</p>`}
${session.return_url === null ? null : html`<p><a class="button" href="${session.return_url}">Back to ${merchant}</a></p>`}`;
  return portalFrame(shown, { title: 'All done', body });
}

/** GET /p/{session}/returned: back from the bank's page; the flow is done when the card was saved. */
export async function returnToPortal(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const done = shown.session._flow_done === true && rq.query.get('redirect_status') === 'succeeded';
  const next = done ? nextAfter(shown) : `/p/${shown.session.id}`;
  if (next.startsWith('/')) return redirect(next);
  // A redirect to another site at the end of the bank's form would be stopped by that page's policy, so this page goes on by itself.
  const body = html`<p class="note" role="status">Your change is saved.</p><p><a class="button" href="${next}">Continue to ${shown.merchant}</a></p>`;
  return page({ title: 'All done', merchant: shown.merchant, body, refresh: next });
}
