import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import type { Errors } from '../../../pages/card-form.ts';
import { html } from '../../../pages/html.ts';
import { redirect } from '../../../pages/layout.ts';
import { portalFrame } from './frame.ts';
import { closed, loadPortal, openFlow, ownSubscription, type Shown } from './load.ts';
import { cards, details, history } from './sections.ts';
import { subscriptions } from './subscriptions.ts';

/** Flows whose task has a page of its own. */
const TASKS: Record<string, string> = {
  subscription_cancel: 'cancel',
  subscription_pause: 'pause',
  subscription_update: 'update',
  subscription_update_confirm: 'confirm',
};

/** GET /p/{session}: what the configuration lets the customer see and change; a flow leads to its task. */
export async function showPortal(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const flow = openFlow(shown);
  const task = flow === null ? undefined : TASKS[flow.type];
  const subscription = task === undefined ? null : ownSubscription(shown, flow![flow!.type].subscription);
  if (task !== undefined && subscription === null) return portalPage(rq, shown, { message: 'This subscription has ended.', status: 410 });
  if (subscription !== null) return redirect(`/p/${shown.session.id}/${task}/${subscription.id}`);
  return portalPage(rq, shown, {});
}

export type PortalState = { errors?: Errors; message?: string | null; status?: number };

export function portalPage(rq: PageRequest, shown: Shown, state: PortalState): PageAnswer {
  const { features, profile } = shown;
  const flow: string | null = openFlow(shown)?.type ?? null;
  const on = (feature: string) => features[feature]?.enabled === true && (flow === null || flow === feature);
  const errors = state.errors ?? {};
  const body = html`${profile.headline === null || flow !== null ? null : html`<p class="lead">${profile.headline}</p>`}
${flow === null ? subscriptions(rq, shown) : null}
${on('payment_method_update') ? cards(rq, shown, errors) : null}
${on('customer_update') ? details(rq, shown, errors) : null}
${on('invoice_history') ? history(shown) : null}`;
  const title = { payment_method_update: 'Change your payment method', customer_update: 'Change your billing details' }[
    flow as 'customer_update'
  ];
  return portalFrame(shown, { title: title ?? 'Your billing', body, ...state });
}
