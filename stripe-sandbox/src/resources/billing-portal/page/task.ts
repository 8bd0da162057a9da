/** Pages of one task about one subscription: what they share. */
import { StripeError } from '../../../kernel/errors.ts';
import type { Doc, PageAnswer, PageRequest, Tx } from '../../../kernel/types.ts';
import { isOwnForm, tokenField } from '../../../pages/form.ts';
import { type Html, html } from '../../../pages/html.ts';
import { redirect } from '../../../pages/layout.ts';
import { endFlow, nextAfter } from './finish.ts';
import { closed, loadPortal, openFlow, ownSubscription, purposeOf, type Shown } from './load.ts';
import { portalPage } from './show.ts';

export type Task = { shown: Shown; subscription: Doc };

/** The task's subscription, or the page that says why there is none: not the customer's, not offered, not part of the flow. */
export async function loadTask(rq: PageRequest, feature: string, flows: string[]): Promise<Task | PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const subscription = ownSubscription(shown, rq.path.subscription ?? '');
  const flow = openFlow(shown);
  const inFlow = flow === null || (flows.includes(flow.type) && flow[flow.type].subscription === rq.path.subscription);
  if (subscription === null || !inFlow || shown.features[feature]?.enabled !== true)
    return portalPage(rq, shown, { message: 'This is not offered here.', status: 404 });
  return { shown, subscription };
}

export function isTask(found: Task | PageAnswer): found is Task {
  return 'shown' in found;
}

/** A form that posts to its own page. */
export function taskForm(rq: PageRequest, { session }: Shown, inner: Html, action = ''): Html {
  return html`<form method="post"${action === '' ? null : html` action="${action}"`} novalidate>${tokenField(rq, purposeOf(session))}${inner}</form>`;
}

/**
 * Does the task's work and leads on: home, the confirmation, or the flow's own address; `elsewhere` (a bank's page) comes first. `again` shows the
 * page with what went wrong.
 */
export async function doTask(
  rq: PageRequest,
  task: Task,
  parts: { again: (message: string, status: number) => Promise<PageAnswer> | PageAnswer; work: (tx: Tx) => Promise<string | undefined> },
): Promise<PageAnswer> {
  const { shown } = task;
  if (!isOwnForm(rq, purposeOf(shown.session))) return parts.again('This page was out of date. Please try again.', 400);
  const inFlow = openFlow(shown) !== null;
  try {
    const elsewhere = await rq.transaction(shown.account, async (tx) => {
      const next = await parts.work(tx);
      if (inFlow) endFlow(tx, await tx.require('billing_portal.session', shown.session.id));
      return next;
    });
    return redirect(elsewhere ?? (inFlow ? nextAfter(shown) : `/p/${shown.session.id}`));
  } catch (error) {
    if (error instanceof StripeError) return parts.again(error.message, error.status);
    throw error;
  }
}
