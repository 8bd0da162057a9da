import type { Doc } from '../../kernel/types.ts';
import { type Anchor, type Period, periodAt, wholePeriod } from './period.ts';
import { cadenceOf } from './prices.ts';

/**
 * The period an item gets at a boundary. At the end of a trial whose anchor does not move there (`trial_settings.end_behavior.billing_cycle_anchor:
 * unchanged`, or an anchor of its own) the first paid period is only what is left up to the next boundary [DTS trial_settings].
 */
export function nextPeriod(subscription: Doc, item: Doc, at: number): Period {
  const period = periodAt(anchorIn(subscription), cadenceOf(item.price), at);
  const trialEnd = subscription.trial_end;
  if (trialEnd !== at && item.current_period_end !== trialEnd) return period;
  // A clock that runs late must not give the trial's end away.
  return { start: trialEnd, end: period.end };
}

/** Where the periods of a subscription are counted from. */
export function anchorIn(subscription: Doc): Anchor {
  return { at: subscription.billing_cycle_anchor, day: subscription.billing_cycle_anchor_config?.day_of_month ?? null };
}

/** Moves the anchor; what it was configured by is over. */
export function setAnchor(subscription: Doc, at: number): void {
  subscription.billing_cycle_anchor = at;
  subscription.billing_cycle_anchor_config = null;
}

/** The full period of the item's price that a stretch belongs to; the stretch itself where it is whole. */
export function wholePeriodOf(subscription: Doc, item: Doc, period: Period): Period {
  return wholePeriod(anchorIn(subscription), cadenceOf(item.price), period);
}

/** The stretch an item is in now. */
export function currentPeriod(item: Doc): Period {
  return { start: item.current_period_start, end: item.current_period_end };
}

/** Moves an item to a period. */
export function setPeriod(item: Doc, period: Period): void {
  item.current_period_start = period.start;
  item.current_period_end = period.end;
}
