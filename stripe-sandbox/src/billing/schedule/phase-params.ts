/** A phase as parameters of its subscription. Pure. */
import type { Doc, Params } from '../../kernel/types.ts';

/** What a subscription is made from when a schedule starts. */
export function startParams(schedule: Doc, phase: Params): Params {
  const { trial_end: trialEnd, ...settings } = settingsFor(schedule, phase);
  const mode = schedule.billing_mode;
  return {
    ...settings,
    default_tax_rates: ids(phase.default_tax_rates),
    customer: schedule.customer,
    currency: phase.currency,
    items: phase.items.map(itemParams),
    discounts: discountParams(phase.discounts),
    add_invoice_items: extrasOf(phase),
    billing_mode: mode.type === 'classic' ? { type: 'classic' } : { type: 'flexible', flexible: mode.flexible },
    proration_behavior: phase.proration_behavior,
    off_session: true,
    ...(trialEnd === undefined ? {} : { trial_end: trialEnd }),
  };
}

/**
 * What changes a subscription when a phase begins. Its items become the phase's: those on the same price stay, the others take the new prices in
 * order, what is left over goes. A coupon that the phase does not have is gone [docs subscription-schedules].
 */
export function enterParams(
  schedule: Doc,
  input: { phase: Params; subscription: Doc; prorationBehavior: string; sameDiscounts?: boolean },
): Params {
  const { phase, subscription } = input;
  const anchor = phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor;
  return {
    ...settingsFor(schedule, phase),
    // Rates that stay are not set anew: they may be archived by now.
    ...(sameIds(phase.default_tax_rates, subscription.default_tax_rates) ? {} : { default_tax_rates: ids(phase.default_tax_rates) }),
    items: itemChanges(phase.items, subscription.items.data).map((item) => (input.sameDiscounts ? withoutDiscounts(item) : item)),
    ...(input.sameDiscounts ? {} : { discounts: phase.discounts.length === 0 ? '' : discountParams(phase.discounts) }),
    add_invoice_items: extrasOf(phase),
    proration_behavior: input.prorationBehavior,
    off_session: true,
    ...endParams(schedule, { phase, subscription }),
    ...(anchor === 'phase_start' ? { billing_cycle_anchor: { type: 'now' } } : {}),
  };
}

/** When the subscription is to end: with the last phase of a schedule that cancels. */
export function endOf(schedule: Doc, phase: Params): number | null {
  return schedule.end_behavior === 'cancel' && schedule.phases.at(-1).start_date === phase.start_date ? phase.end_date : null;
}

/** Sets or takes back the end of the subscription, where it is not there already; prorated like any other change of it. */
export function endParams(schedule: Doc, of: { phase: Params; subscription: Doc }): Params {
  const end = endOf(schedule, of.phase);
  return end === of.subscription.cancel_at ? {} : { cancel_at: end ?? '' };
}

/** Keeps items by price; the rest are put on the prices that are left, in order; then added or taken off. */
export function itemChanges(wanted: Params[], present: Doc[]): Params[] {
  const kept = new Map<Params, Doc>();
  for (const item of wanted) {
    const same = present.find((candidate) => candidate.price.id === item.price);
    if (same !== undefined) kept.set(item, same);
  }
  const free = present.filter((item) => ![...kept.values()].includes(item));
  for (const item of wanted) {
    const next = kept.has(item) ? undefined : free.shift();
    if (next !== undefined) kept.set(item, next);
  }
  const gone = free.map((item) => ({ id: item.id, deleted: true }));
  return [...wanted.map((item) => changeTo(item, kept.get(item))), ...gone];
}

function changeTo(item: Params, present: Doc | undefined): Params {
  if (present === undefined) return itemParams(item);
  const tax = sameIds(item.tax_rates, present.tax_rates) ? {} : { tax_rates: ids(item.tax_rates) };
  const discounts = item.discounts.length === 0 && present.discounts.length === 0 ? {} : { discounts: discountParams(item.discounts) };
  return { id: present.id, price: item.price, _agreed: true, ...quantityOf(item), metadata: item.metadata, ...tax, ...discounts };
}

/** An item that stays keeps the discounts it has: a coupon is not redeemed a second time. */
function withoutDiscounts(item: Params): Params {
  if (item.id === undefined) return item;
  const { discounts: _discounts, ...rest } = item;
  return rest;
}

/** Metered items have none. */
function quantityOf(item: Params): Params {
  return item.quantity === undefined ? {} : { quantity: item.quantity };
}

function itemParams(item: Params): Params {
  return {
    price: item.price,
    _agreed: true,
    ...quantityOf(item),
    metadata: item.metadata,
    tax_rates: ids(item.tax_rates),
    discounts: discountParams(item.discounts),
  };
}

/** The phase's own setting, else the schedule's default. */
function settingsFor(schedule: Doc, phase: Params): Params {
  const defaults = schedule.default_settings;
  const own = (name: string) => phase[name] ?? defaults[name] ?? undefined;
  const invoice = own('invoice_settings');
  const method = own('collection_method') ?? 'charge_automatically';
  const { days_until_due: due, issuer: _issuer, ...settings } = invoice ?? {};
  const paysWith = own('default_payment_method');
  return {
    collection_method: method,
    ...(method === 'send_invoice' ? { days_until_due: due ?? undefined } : {}),
    ...(paysWith === undefined ? {} : { default_payment_method: paysWith }),
    description: own('description') ?? '',
    invoice_settings: withoutNull(settings),
    metadata: phase.metadata,
    ...(phase.trial_end === null ? {} : { trial_end: phase.trial_end }),
  };
}

/** Extras with the phase's own edges as timestamps. */
function extrasOf(phase: Params): Params[] {
  return phase.add_invoice_items.map((extra: Params) => ({
    price: extra.price,
    _agreed: true,
    quantity: extra.quantity,
    metadata: extra.metadata,
    discountable: extra.discountable ?? true,
    discounts: discountParams(extra.discounts),
    tax_rates: ids(extra.tax_rates),
    period: { start: edge(extra.period.start, phase), end: edge(extra.period.end, phase) },
  }));
}

function edge(given: Params, phase: Params): Params {
  if (given.type === 'phase_start') return { type: 'timestamp', timestamp: phase.start_date };
  if (given.type === 'phase_end') return { type: 'timestamp', timestamp: phase.end_date };
  return given;
}

function discountParams(shown: Params[]): Params[] {
  return shown.map((one) => withoutNull(one));
}

function sameIds(a: Doc[] | null, b: Doc[] | null): boolean {
  return ids(a).join() === ids(b).join();
}

function ids(rates: Doc[] | null): string[] {
  return (rates ?? []).map((rate) => rate.id);
}

function withoutNull(values: Params): Params {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
