import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, itemReport, subscriptionReport } from '../../test/scenarios/reports.ts';
import { isTerminal, sameValue } from '../customers/index.ts';
import { decideSubscription, decidesSomething } from './decide-subscription.ts';
import { SUBSCRIPTION_TRANSITIONS } from './status.ts';
import type { SubscriptionInput, SubscriptionItem, SubscriptionStatus, SubscriptionWithItems } from './subscription.ts';

const report = (over: Partial<SubscriptionInput> = {}) => subscriptionReport('customer_1', over);

/** What the verb does with a decision, without a database: the row after it, and what was announced. */
function apply(before: SubscriptionWithItems | null, input: SubscriptionInput) {
  const decision = decideSubscription(before, input);
  if (before && !decidesSomething(decision)) return { row: before, told: [] };
  const kept = (before?.items ?? []).filter((item) => !decision.items.close.includes(item));
  const moved = kept.map((item) => ({
    ...item,
    position: decision.items.move.find(({ id }) => id === item.id)?.position ?? item.position,
  }));
  const opened = decision.items.open.map(
    ({ replaces: _, ...item }): SubscriptionItem => ({ ...item, id: item.itemKey, validFrom: at('2026-01-01') }),
  );
  const items = [...moved, ...opened].sort((a, b) => a.position - b.position);
  const row = { id: 'subscription_1', ...before, ...decision.patch, rev: (before?.rev ?? 0n) + 1n, items } as SubscriptionWithItems;
  return { row, told: decision.announcements };
}

function tell(before: Partial<SubscriptionInput> | null, after: Partial<SubscriptionInput>): string[] {
  const row = before && apply(null, report(before)).row;
  return apply(row, report(after)).told.map(({ type, data }) =>
    [type.replace('subscription.', ''), data?.from ?? data?.variant].filter(Boolean).join(' '),
  );
}

const TRIAL: Partial<SubscriptionInput> = {
  status: 'in_trial',
  stripeStatus: 'trialing',
  trialStart: at('2026-01-01'),
  trialEnd: at('2026-01-15'),
};
const CASES: [string, Partial<SubscriptionInput> | null, Partial<SubscriptionInput>, string[]][] = [
  ['first seen active', null, {}, ['created']],
  ['first seen in a trial', null, TRIAL, ['created', 'trial_started']],
  ['first seen waiting for its first payment', null, { status: 'payment_pending' }, ['created']],
  ['first seen when already canceled', null, { status: 'canceled' }, ['created', 'canceled requested']],
  ['the first payment arrives', { status: 'payment_pending' }, {}, ['activated payment_pending']],
  ['the first payment never arrives', { status: 'payment_pending' }, { status: 'expired' }, ['expired payment_pending']],
  [
    'a trial converts and its period begins',
    TRIAL,
    { ...TRIAL, status: 'active', periodEnd: at('2026-02-15') },
    ['activated in_trial', 'period_moved'],
  ],
  ['a trial is made longer', TRIAL, { ...TRIAL, trialEnd: at('2026-01-29') }, ['trial_end_moved']],
  ['a renewal', {}, { periodStart: at('2026-02-01'), periodEnd: at('2026-03-01') }, ['period_moved']],
  ['a cancellation is scheduled', {}, { cancelAt: at('2026-02-01') }, ['cancel_scheduled']],
  ['the schedule is moved', { cancelAt: at('2026-02-01') }, { cancelAt: at('2026-03-01') }, ['cancel_scheduled']],
  ['the schedule is dropped', { cancelAt: at('2026-02-01') }, {}, ['cancel_unscheduled']],
  ['canceled at once', {}, { status: 'canceled', canceledAt: at('2026-01-09') }, ['canceled active']],
  [
    'a scheduled cancellation comes due',
    { cancelAt: at('2026-02-01') },
    { status: 'canceled', cancelAt: at('2026-02-01') },
    ['canceled active'],
  ],
  ['collection is paused', {}, { pausedAt: at('2026-01-09'), pauseBehavior: 'void' }, ['paused']],
  ['collection is resumed', { pausedAt: at('2026-01-09') }, {}, ['resumed']],
  ['a renewal is declined', {}, { paymentState: 'past_due', stripeStatus: 'past_due' }, ['payment_state_changed']],
  ['two more seats', {}, { items: [itemReport({ quantity: '3' })] }, ['change_applied']],
  ['only a note changes', {}, { metadata: { team: 'a' } }, ['updated']],
  ['nothing changes', TRIAL, TRIAL, []],
];

test.each(CASES)('%s', (_title, before, after, expected) => {
  expect(tell(before, after)).toEqual(expected);
});

test('E2 the variant of a cancellation is the reason Stripe gives', () => {
  const told = (cancelReason: SubscriptionInput['cancelReason']) =>
    apply(apply(null, report()).row, report({ status: 'canceled', cancelReason })).told[0]?.data;
  expect(told('requested')).toEqual({ from: 'active', variant: 'requested' });
  expect(told('payment_failed')).toEqual({ from: 'active', variant: 'payment_failed' });
  expect(told('disputed')).toEqual({ from: 'active', variant: 'disputed' });
  expect(told(null)).toEqual({ from: 'active', variant: 'requested' });
});

test('the reason of a status follows from the step that led there', () => {
  const reason = (before: Partial<SubscriptionInput>, after: Partial<SubscriptionInput>) =>
    apply(apply(null, report(before)).row, report(after)).row.statusReason;
  expect(reason(TRIAL, {})).toBe('trial_converted');
  expect(reason({ status: 'payment_pending' }, {})).toBe('payment_confirmed');
  expect(reason({}, { status: 'canceled' })).toBe('canceled_by_stripe');
  expect(reason({}, { status: 'canceled', statusReason: 'canceled_by_customer' })).toBe('canceled_by_customer');
});

test('[I18] what the provider skipped to tell is passed through step by step', () => {
  const { row } = apply(null, report());
  expect(decideSubscription(row, report({ status: 'payment_pending' })).way).toEqual(['in_trial', 'payment_pending']);
});

const date = fc.integer({ min: 0, max: 5 }).map((month) => at('2026-01-01').add({ hours: 24 * 30 * month }));
const noted = fc.record({
  paymentState: fc.constantFrom('ok', 'past_due', 'unpaid'),
  periodEnd: date,
  trialEnd: fc.option(date, { nil: null }),
  cancelAt: fc.option(date, { nil: null }),
  pausedAt: fc.option(date, { nil: null }),
  items: fc
    .uniqueArray(fc.constantFrom('si_1', 'si_2', 'si_3'), { minLength: 1 })
    .chain((keys) => fc.tuple(...keys.map((itemKey) => fc.constantFrom('1', '2').map((quantity) => itemReport({ itemKey, quantity }))))),
}) as fc.Arbitrary<Partial<SubscriptionInput>>;

/** A life as Stripe could lead it: each state follows from the one before by a listed step, terminal states end it. */
const life = fc
  .tuple(
    fc.constantFrom<SubscriptionStatus>('payment_pending', 'in_trial', 'active'),
    fc.array(fc.tuple(fc.nat(), fc.boolean(), noted), { minLength: 1, maxLength: 8 }),
  )
  .map(([first, steps]) => {
    let status = first;
    return steps.map(([pick, stays, notes], index) => {
      const next = SUBSCRIPTION_TRANSITIONS[status];
      if (index > 0 && !stays && next.length > 0) status = next[pick % next.length] ?? status;
      return report({ ...notes, status });
    });
  })
  .map((states) => states.slice(0, states.findIndex(({ status }) => isTerminal(SUBSCRIPTION_TRANSITIONS, status)) + 1 || states.length));

function play(states: readonly SubscriptionInput[]) {
  const told: string[] = [];
  let row: SubscriptionWithItems | null = null;
  for (const state of states) {
    const result: ReturnType<typeof apply> = apply(row, state);
    row = result.row;
    told.push(...result.told.map(({ type, key }) => `${type}:${key}`));
  }
  return { row: row as SubscriptionWithItems, told };
}

/** What remains of a row when the path that led to it is forgotten. */
function facts({ statusReason: _reason, rev: _rev, items, ...row }: SubscriptionWithItems) {
  return { ...row, items: items.map(({ kind: _kind, ...item }) => item) };
}

test('T1 whichever states were seen on the way, and however often, the row ends as the last one', () => {
  fc.assert(
    fc.property(life, fc.infiniteStream(fc.nat({ max: 2 })), (states, times) => {
      const last = states.at(-1) as SubscriptionInput;
      const seen = [...states.slice(0, -1).flatMap((state) => Array.from({ length: times.next().value as number }, () => state)), last];
      return sameValue(facts(play(states).row), facts(play(seen).row)) && sameValue(facts(play([last]).row), facts(play(seen).row));
    }),
  );
});

test('T15 each state twice in a row changes nothing the second time, and no announcement has the key of another', () => {
  fc.assert(
    fc.property(life, (states) => {
      const once = play(states);
      const twice = play(states.flatMap((state) => [state, state]));
      expect(twice).toEqual(once);
      expect(new Set(once.told).size).toBe(once.told.length);
    }),
  );
});

test('[I18] a canceled or expired subscription absorbs whatever is reported after', () => {
  fc.assert(
    fc.property(life, noted, fc.constantFrom<SubscriptionStatus>('payment_pending', 'in_trial', 'active'), (states, notes, status) => {
      const { row } = play(states);
      fc.pre(isTerminal(SUBSCRIPTION_TRANSITIONS, row.status));
      expect(apply(row, report({ ...notes, status }))).toEqual({ row, told: [] });
    }),
  );
});
