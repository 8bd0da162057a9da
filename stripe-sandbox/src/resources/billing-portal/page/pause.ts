import { pauseSubscription, resumeSubscription } from '../../../billing/subscription/index.ts';
import { addMonths } from '../../../billing/subscription/period.ts';
import { invalidRequest } from '../../../kernel/errors.ts';
import type { Doc, PageAnswer, PageRequest, Params, TimerHandler, Tx } from '../../../kernel/types.ts';
import { select, text } from '../../../pages/form.ts';
import { html } from '../../../pages/html.ts';
import { portalFrame } from './frame.ts';
import { planOf } from './plan.ts';
import { canPause } from './subscriptions.ts';
import { doTask, isTask, loadTask, type Task, taskForm } from './task.ts';

/** The time that is paid stays the customer's: resuming within it charges nothing again. */
const KEEPS_WHAT_IS_PAID: Params = { bill_for: { unused_time_from: { type: 'none' } } };

/** GET /p/{session}/pause/{subscription}: for how long. */
export async function showPause(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_pause', ['subscription_pause']);
  return isTask(task) ? pausePage(rq, task, null, 200) : task;
}

/** POST: pauses now; with a duration the subscription resumes by itself. */
export async function submitPause(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_pause', ['subscription_pause']);
  if (!isTask(task)) return task;
  return doTask(rq, task, { again: (message, status) => pausePage(rq, task, message, status), work: (tx) => pause(tx, rq, task) });
}

/** Timer `portal_resume`: the pause is over. */
export const resumeDue: TimerHandler = async (tx, timer) => {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription === undefined) return;
  delete subscription._portal_resume;
  tx.put(subscription);
  if (subscription.status === 'paused') await resumeFromPause(tx, subscription);
};

/** Within the period that was paid already nothing is charged again; after it a new period begins now. */
export async function resumeFromPause(tx: Tx, subscription: Doc): Promise<void> {
  const paid = subscription.items.data.every((item: Doc) => item.current_period_end > tx.now(subscription));
  await resumeSubscription(tx, { subscription, params: paid ? { billing_cycle_anchor: { type: 'unchanged' } } : {} });
}

async function pause(tx: Tx, rq: PageRequest, { shown, subscription: { id } }: Task): Promise<undefined> {
  const subscription = await tx.require('subscription', id);
  if (!canPause(subscription)) throw invalidRequest('This subscription cannot be paused now.');
  const { duration } = shown.features.subscription_pause!;
  if (duration.type === 'interval_options') {
    const chosen: Params | undefined = duration.interval_options[Number(text(rq, 'duration'))];
    if (chosen === undefined) throw invalidRequest('Choose how long to pause.');
    const dueAt = later(tx.now(subscription), chosen);
    subscription._portal_resume = dueAt;
    tx.schedule({ kind: 'portal_resume', ref: id, dueAt, clock: subscription._clock ?? null });
  }
  await pauseSubscription(tx, { subscription, params: KEEPS_WHAT_IS_PAID });
  return undefined;
}

function pausePage(rq: PageRequest, { shown, subscription }: Task, message: string | null, status: number): PageAnswer {
  const { duration } = shown.features.subscription_pause!;
  const options = duration.interval_options.map((one: Params, index: number) => [String(index), spell(one)]);
  const body = html`<section class="card"><h2>${planOf(subscription, shown.names)}</h2>
<p>While it is paused nothing is charged, and you cannot use it.</p>
${taskForm(rq, shown, html`${duration.type === 'indefinite' ? html`<p>You can resume it here at any time.</p>` : select({ name: 'duration', label: 'Pause for', value: '0', options })}<button>Pause subscription</button>`)}</section>`;
  return portalFrame(shown, { title: 'Pause subscription', body, task: true, message, status });
}

function spell({ interval, interval_count: count }: Params): string {
  return count === 1 ? `1 ${interval}` : `${count} ${interval}s`;
}

/** Calendar months and years, cut to the month's last day; days and weeks by the clock. */
function later(from: number, { interval, interval_count: count }: Params): number {
  if (interval === 'day' || interval === 'week') return from + count * (interval === 'day' ? 86_400 : 604_800);
  return addMonths(from, interval === 'year' ? 12 * count : count);
}
