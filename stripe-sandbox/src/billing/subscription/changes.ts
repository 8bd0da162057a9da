import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import { spend } from '../../kernel/limits.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import type { ItemInput } from '../invoice/items.ts';
import type { LineDraft } from '../invoice/lines.ts';
import { anchorIn, currentPeriod, nextPeriod, setAnchor, setPeriod } from './advance.ts';
import { checkTrialEnd, refuseMixedIntervals, refuseTwice } from './check.ts';
import { setDebits } from './debits.ts';
import { itemById, linesOfItem, newItem, refuseItemParams, setItems, setPrice, taxRates } from './items.ts';
import { beginUsage, checkClearUsage, closeUsage, isMetered, refuseQuantity, removedUsage, usageLines } from './metered.ts';
import { periodAt } from './period.ts';
import { cadenceOf, inCurrency, itemPrice } from './prices.ts';
import { creditUnused, debitRemaining, moveEnd, recurringAmount } from './proration-items.ts';
import { itemThresholds } from './thresholds.ts';
import { keepsAnchor } from './trial.ts';

/** What a change leaves to bill: prorations become invoice items, `lines` whole periods that start now. */
export type Change = {
  prorations: ItemInput[];
  /** Usage of items that went: pending like the prorations, but none. */
  items: ItemInput[];
  lines: LineDraft[];
  /** Billed at once: unpaid → paid, a new period, or `always_invoice` [S 3.3]. */
  invoiceNow: boolean;
};
export type ChangeInput = { subscription: Doc; customer: Doc; params: Params };
type Setting = ChangeInput & { at: number; prorates: boolean; inTrial: boolean; change: Change };

/** Changes items, trial and anchor of a subscription in hand and answers what there is to bill. Stores nothing but new discounts. */
export async function changeSubscription(tx: Tx, input: ChangeInput): Promise<Change> {
  const { subscription, params } = input;
  const behavior = params.proration_behavior ?? 'create_prorations';
  const at = changeInstant(tx, subscription, params);
  const change: Change = { prorations: [], items: [], lines: [], invoiceNow: behavior === 'always_invoice' };
  const inTrial = subscription.status === 'trialing';
  const prorates = behavior !== 'none' && !inTrial && subscription.status !== 'paused';
  const setting: Setting = { ...input, at, prorates, inTrial, change };
  const before = await recurringAmount(tx, subscription);
  if (params.cancel_at !== undefined || params.cancel_at_period_end !== undefined) await prorateEnd(tx, setting);
  const settled = setting.prorates && startsOver(params);
  if (settled) await creditAll(tx, setting);
  const changing = settled ? { ...setting, prorates: false } : setting;
  for (const [index, given] of ((params.items as Params[] | undefined) ?? []).entries())
    await changeItem(tx, changing, given, `items[${index}]`);
  if (params.items !== undefined) refuseMixedIntervals(subscription, 'items');
  if (params.trial_end !== undefined) await changeTrial(tx, changing, inTrial);
  else if (params.billing_cycle_anchor?.type === 'now') await resetAnchor(tx, changing, inTrial);
  else if (before === 0 && !inTrial && (await recurringAmount(tx, subscription)) > 0) await startPaying(tx, setting);
  if (change.prorations.length === 0 && change.items.length === 0 && change.lines.length === 0) change.invoiceNow = false;
  return change;
}

/** True when all items begin anew, by a moved anchor or a trial: then what they were is given back first, and nothing else of it is billed. */
function startsOver(params: Params): boolean {
  return params.billing_cycle_anchor?.type === 'now' || typeof params.trial_end === 'number';
}

async function creditAll(tx: Tx, setting: Setting): Promise<void> {
  const { subscription, change } = setting;
  for (const item of subscription.items.data) {
    change.prorations.push(...(await creditUnused(tx, { ...setting, item })));
    setDebits(subscription, item, []);
  }
}

/** Free → paid is billed at once: classic moves the anchor to now and bills whole periods, flexible what is left of the present ones [S 3.3]. */
async function startPaying(tx: Tx, setting: Setting): Promise<void> {
  const { subscription, change } = setting;
  change.invoiceNow = true;
  if (subscription.billing_mode.type !== 'classic' || change.lines.length > 0) return;
  change.prorations = change.prorations.filter((proration) => proration.amount < 0);
  await restartPeriods(tx, { ...setting, prorates: false });
}

/** `billing_cycle_anchor: now`. During a trial there is nothing to reset yet; what Stripe does there is not known, so it is refused. */
async function resetAnchor(tx: Tx, setting: Setting, inTrial: boolean): Promise<void> {
  if (inTrial) throw notEmulated('billing_cycle_anchor=now during a trial', 'billing_cycle_anchor');
  await restartPeriods(tx, setting);
}

/** The end has moved: what is billed follows it. */
async function prorateEnd(tx: Tx, setting: Setting): Promise<void> {
  if (!setting.prorates) return;
  for (const item of setting.subscription.items.data) setting.change.prorations.push(...(await moveEnd(tx, { ...setting, item })));
}

async function changeItem(tx: Tx, setting: Setting, given: Params, param: string): Promise<void> {
  const { subscription } = setting;
  if (given.id === undefined) return addItem(tx, setting, given, param);
  refuseItemParams(given, param);
  const item = itemById(subscription, given.id, `${param}[id]`);
  checkClearUsage(item, given, param);
  if (given.deleted === true) return removeItem(tx, setting, item);
  if (given.metadata !== undefined) item.metadata = mergeMetadata(item.metadata, given.metadata);
  if (given.tax_rates !== undefined) item.tax_rates = await taxRates(tx, given.tax_rates, `${param}[tax_rates]`);
  if (given.discounts !== undefined) {
    item.discounts = await createDiscounts(tx, {
      given: given.discounts,
      target: { customer: setting.customer, subscription: subscription.id, subscriptionItem: item.id },
      param: `${param}[discounts]`,
    });
  }
  const price = await changedPrice(tx, { subscription, item, given, param });
  const samePrice = price === null;
  if (isMetered(price ?? item.price)) refuseQuantity(given, param);
  else item.billing_thresholds = null;
  if (given.billing_thresholds !== undefined)
    item.billing_thresholds = itemThresholds(price ?? item.price, given.billing_thresholds, param);
  // A price change resets the quantity to 1 unless one is passed [S 3.3].
  const quantity = given.quantity ?? (samePrice ? item.quantity : 1);
  if (samePrice && quantity === item.quantity) return;
  const { quantityUpdatesPerHour } = tx.limits;
  if (quantity !== item.quantity)
    spend(tx, subscription, { name: 'quantity_updates_per_hour', limit: quantityUpdatesPerHour, seconds: 3600 });
  await replace(tx, setting, { item, price, quantity });
}

/** The other price an item is put on; null when it keeps its own, archived or not. */
async function changedPrice(tx: Tx, input: { subscription: Doc; item: Doc; given: Params; param: string }): Promise<Doc | null> {
  const { subscription, item, given, param } = input;
  const named: string | undefined = given.price ?? given.plan;
  if ((named === undefined && given.price_data === undefined) || named === item.price.id) return null;
  const price = inCurrency(await itemPrice(tx, { given, param }), subscription.currency, `${param}[price]`);
  refuseTwice(subscription, price, param);
  return price;
}

/** Puts an item on another price or quantity: gives back what is unused, charges what is left. */
async function replace(tx: Tx, setting: Setting, to: { item: Doc; price: Doc | null; quantity: number }): Promise<void> {
  const { subscription, at, change } = setting;
  const { item } = to;
  const credits = setting.prorates ? await creditUnused(tx, { ...setting, item }) : [];
  const oldCadence = cadenceOf(item.price);
  if (isMetered(item.price) || (to.price !== null && isMetered(to.price))) closeUsage(subscription, item, at);
  if (to.price !== null) setPrice(item, to.price);
  if (isMetered(item.price)) delete item.quantity;
  else item.quantity = to.quantity;
  const cadence = cadenceOf(item.price);
  const moved = cadence.interval !== oldCadence.interval || cadence.count !== oldCadence.count;
  change.prorations.push(...credits);
  if (moved && subscription.status !== 'trialing') {
    change.invoiceNow = true;
    // Without prorations a longer interval would be free up to its end: then, as in classic mode, it begins now and is billed whole [DTS update].
    const whole = subscription.billing_mode.type === 'classic' || setting.params.proration_behavior === 'none';
    if (whole) return restartItem(tx, setting, item);
    setPeriod(item, periodAt(anchorIn(subscription), cadence, at));
  }
  if (setting.prorates) change.prorations.push(...(await debitRemaining(tx, { ...setting, item })));
}

async function addItem(tx: Tx, setting: Setting, given: Params, param: string): Promise<void> {
  const { subscription, customer, at, change } = setting;
  const price = inCurrency(await itemPrice(tx, { given, param }), subscription.currency, `${param}[price]`);
  refuseTwice(subscription, price, param);
  const trial = subscription.status === 'trialing' && subscription.trial_end !== null;
  const period = trial ? { start: at, end: subscription.trial_end } : periodAt(anchorIn(subscription), cadenceOf(price), at);
  const item = await newItem(tx, { subscription, customer, price, given, period, param });
  setItems(subscription, [...subscription.items.data, item]);
  beginUsage(subscription, item, at);
  if (setting.prorates) change.prorations.push(...(await debitRemaining(tx, { ...setting, item })));
}

async function removeItem(tx: Tx, setting: Setting, item: Doc): Promise<void> {
  const { subscription, change } = setting;
  const rest = subscription.items.data.filter((other: Doc) => other.id !== item.id);
  if (rest.length === 0)
    throw invalidRequest('A subscription must have at least one active plan. To remove the last one, cancel the subscription.', {
      param: 'items',
    });
  if (setting.prorates) change.prorations.push(...(await creditUnused(tx, { ...setting, item })));
  change.items.push(...(await removedUsage(tx, { ...setting, item })));
  setDebits(subscription, item, []);
  setItems(subscription, rest);
}

/** `trial_end: now` starts the first paid period; a later time gives a trial, with the unused paid time credited [S 3.4]. */
async function changeTrial(tx: Tx, setting: Setting, inTrial: boolean): Promise<void> {
  const { subscription, params, at, change } = setting;
  if (params.trial_end === 'now') {
    if (!inTrial) return;
    subscription.trial_end = at;
    subscription.status = 'active';
    if (keepsAnchor(subscription)) await startInside(tx, setting);
    else await restartPeriods(tx, { ...setting, prorates: false });
    return;
  }
  checkTrialEnd(params.trial_end, at);
  for (const item of subscription.items.data) {
    if (setting.prorates) change.prorations.push(...(await creditUnused(tx, { ...setting, item })));
    if (!inTrial) closeUsage(subscription, item, at);
    setDebits(subscription, item, []);
    setPeriod(item, { start: inTrial ? item.current_period_start : at, end: params.trial_end });
  }
  subscription.trial_start = inTrial ? subscription.trial_start : at;
  subscription.trial_end = params.trial_end;
  if (!keepsAnchor(subscription)) setAnchor(subscription, params.trial_end);
  subscription.status = 'trialing';
}

/** The paid time begins now, up to the next boundary of the anchor that was kept. */
async function startInside(tx: Tx, setting: Setting): Promise<void> {
  const { subscription, at, change } = setting;
  change.invoiceNow = true;
  for (const item of subscription.items.data) {
    setPeriod(item, nextPeriod(subscription, item, at));
    beginUsage(subscription, item, at);
    change.lines.push(...(await linesOfItem(tx, { subscription, item, period: currentPeriod(item), trial: false })));
  }
}

/** All items begin a whole period now; the anchor moves here. */
async function restartPeriods(tx: Tx, setting: Setting): Promise<void> {
  const { subscription, change } = setting;
  change.invoiceNow = true;
  for (const item of subscription.items.data) {
    if (setting.prorates) change.prorations.push(...(await creditUnused(tx, { ...setting, item })));
    await restartItem(tx, setting, item);
  }
}

/** One item begins a whole period now and is billed for it in full. */
async function restartItem(tx: Tx, setting: Setting, item: Doc): Promise<void> {
  const { subscription, at, change } = setting;
  change.lines.push(...(await usageLines(tx, { subscription, item, to: at, free: setting.inTrial, skipEmpty: true })));
  beginUsage(subscription, item, at);
  setAnchor(subscription, at);
  const period = periodAt(at, cadenceOf(item.price), at);
  setPeriod(item, period);
  setDebits(subscription, item, []);
  change.lines.push(...(await linesOfItem(tx, { subscription, item, period, trial: false })));
}

/** Now, or `proration_date`, which must lie in the current period [S 3.4]. */
function changeInstant(tx: Tx, subscription: Doc, params: Params): number {
  if (params.proration_date === undefined) return tx.now(subscription);
  const inside = subscription.items.data.every(
    (item: Doc) => item.current_period_start <= params.proration_date && params.proration_date <= item.current_period_end,
  );
  if (!inside) throw invalidRequest('Cannot specify proration_date outside of current subscription period.', { param: 'proration_date' });
  return params.proration_date;
}
