import { notEmulated, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { cadenceOf } from '../subscription/prices.ts';
import { updateSubscription } from '../subscription/update.ts';
import { enterParams } from './phase-params.ts';

/**
 * Lets the phases that begin up to an instant happen to a subscription in hand, so that its next invoice can be shown. The caller takes everything
 * back. A phase that moves the boundaries themselves has no preview here and is refused.
 */
export async function showDuePhases(tx: Tx, subscription: Doc, until: number): Promise<void> {
  if (subscription.schedule == null) return;
  const schedule = await tx.get(subscription.schedule, { object: 'subscription_schedule' });
  if (schedule?.status !== 'active') return;
  const later = schedule.phases.filter((phase: Params) => phase.start_date >= schedule.current_phase.end_date && phase.start_date <= until);
  for (const phase of later) {
    await refuseOtherInterval(tx, subscription, phase);
    const prorationBehavior = phase.proration_behavior === 'none' ? 'none' : 'create_prorations';
    const { billing_cycle_anchor: _anchor, ...params } = enterParams(schedule, { phase, subscription, prorationBehavior });
    await updateSubscription(tx, { id: subscription.id, params: { ...params, proration_date: phase.start_date } });
  }
}

/** True when there is nothing to show: nothing comes, or not what can be shown here. No reason to stop a clock. */
export function isWithoutPreview(error: unknown): boolean {
  return error instanceof StripeError && ['sandbox_not_emulated', 'invoice_upcoming_none'].includes(error.body.code ?? '');
}

async function refuseOtherInterval(tx: Tx, subscription: Doc, phase: Params): Promise<void> {
  const present = cadenceOf(subscription.items.data[0].price);
  for (const item of phase.items) {
    const { interval, count } = cadenceOf(await tx.require('price', item.price, { deleted: true }));
    if (interval !== present.interval || count !== present.count)
      throw notEmulated('The preview of a schedule’s change of interval', 'subscription');
  }
}
