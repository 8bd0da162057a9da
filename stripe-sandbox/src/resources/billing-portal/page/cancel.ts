import { cancelSubscription, updateSubscription } from '../../../billing/subscription/index.ts';
import type { Doc, PageAnswer, PageRequest, Params, Tx } from '../../../kernel/types.ts';
import { text } from '../../../pages/form.ts';
import { day } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { portalFrame } from './frame.ts';
import { openFlow } from './load.ts';
import { isEnding, periodEnd, planOf } from './plan.ts';
import { doTask, isTask, loadTask, type Task, taskForm } from './task.ts';

const MAX_COMMENT = 2000;
/** Stripe's reasons in words [SDK: CancellationDetails.feedback]. */
const REASONS: Record<string, string> = {
  too_expensive: 'It is too expensive',
  missing_features: 'I need more features',
  switched_service: 'I found an alternative',
  unused: 'I do not use it any more',
  customer_service: 'Customer service was less than expected',
  too_complex: 'It was hard to use',
  low_quality: 'Quality was less than expected',
  other: 'Other reason',
};

/** GET /p/{session}/cancel/{subscription}: when it ends, why, and the merchant's last offer. */
export async function showCancel(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_cancel', ['subscription_cancel']);
  return isTask(task) ? cancelPage(rq, task, null, 200) : task;
}

/** POST: cancels as the configuration says, or takes the offer and stays. */
export async function submitCancel(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_cancel', ['subscription_cancel']);
  if (!isTask(task)) return task;
  return doTask(rq, task, {
    again: (message, status) => cancelPage(rq, task, message, status),
    work: (tx) => (text(rq, 'decision') === 'stay' ? stay(tx, task) : cancel(tx, rq, task)),
  });
}

async function cancel(tx: Tx, rq: PageRequest, { shown, subscription }: Task): Promise<undefined> {
  const feature = shown.features.subscription_cancel!;
  const reason = text(rq, 'reason');
  const said: Params = {};
  if (feature.cancellation_reason.enabled && feature.cancellation_reason.options.includes(reason)) said.feedback = reason;
  if (feature.cancellation_reason.enabled && text(rq, 'comment') !== '') said.comment = text(rq, 'comment').slice(0, MAX_COMMENT);
  const details = Object.keys(said).length === 0 ? {} : { cancellation_details: said };
  if (feature.mode === 'immediately') {
    const prorates = feature.proration_behavior !== 'none';
    const params = { ...details, prorate: prorates, invoice_now: feature.proration_behavior === 'always_invoice' };
    await cancelSubscription(tx, { id: subscription.id, params });
  } else await updateSubscription(tx, { id: subscription.id, params: { ...details, cancel_at_period_end: true } });
  return undefined;
}

/** The retention offer of the flow: its coupon goes onto the subscription. */
async function stay(tx: Tx, { shown, subscription }: Task): Promise<undefined> {
  const coupon: string | undefined = offerOf(shown.session)?.coupon;
  if (coupon !== undefined) await updateSubscription(tx, { id: subscription.id, params: { discounts: [{ coupon }] } });
  return undefined;
}

function offerOf(session: Doc): Params | null {
  return session.flow?.subscription_cancel?.retention?.coupon_offer ?? null;
}

async function cancelPage(rq: PageRequest, task: Task, message: string | null, status: number): Promise<PageAnswer> {
  const { shown, subscription } = task;
  const feature = shown.features.subscription_cancel!;
  if (isEnding(subscription))
    return portalFrame(shown, {
      title: 'Cancel subscription',
      body: html`<p class="note">This subscription is already set to end.</p>`,
      task: true,
    });
  const when =
    feature.mode === 'immediately'
      ? 'It ends at once.'
      : `You can use it until ${day(periodEnd(subscription))}. Nothing is charged after that.`;
  const body = html`<section class="card"><h2>${planOf(subscription, shown.names)}</h2><p>${when}</p>
${openFlow(shown) === null ? null : await offer(rq, task)}
${taskForm(rq, shown, html`${feature.cancellation_reason.enabled ? reasons(rq, feature.cancellation_reason.options) : null}<button name="decision" value="cancel" class="danger">Cancel subscription</button>`)}</section>`;
  return portalFrame(shown, { title: 'Cancel subscription', body, task: true, message, status });
}

async function offer(rq: PageRequest, { shown }: Task): Promise<Html | null> {
  const given = openFlow(shown)?.subscription_cancel?.retention?.coupon_offer ?? null;
  if (given === null) return null;
  const coupon = (await rq.transaction(shown.account, (tx) => tx.get(given.coupon, { object: 'coupon' }))) ?? null;
  if (coupon === null || coupon.valid === false) return null;
  const percent = coupon.percent_off === null ? `${coupon.name ?? 'a discount'}` : `${coupon.percent_off} % off`;
  return taskForm(
    rq,
    shown,
    html`<div class="note"><p>Stay and get ${percent}.</p><button name="decision" value="stay">Keep my subscription</button></div>`,
  );
}

function reasons(rq: PageRequest, options: string[]): Html {
  const chosen = text(rq, 'reason');
  const choice = (value: string) =>
    html`<label class="choice"><input type="radio" name="reason" value="${value}"${value === chosen ? html` checked` : null}><span>${REASONS[value] ?? value}</span></label>`;
  return html`<fieldset><legend>Why do you cancel? <span class="quiet">(optional)</span></legend>${options.map(choice)}</fieldset>
<div class="field"><label for="comment">Anything else? <span class="quiet">(optional)</span></label><textarea id="comment" name="comment" rows="3" maxlength="${MAX_COMMENT}">${text(rq, 'comment')}</textarea></div>`;
}
