/**
 * The dual-target suite (sandbox.md 9.7): each scenario runs on the Sandbox with Stripe's limits on, always; and unchanged on real Stripe's test
 * mode when STRIPE_TEST_KEY is set, where every difference is printed and fails. Without the key nothing is claimed about real Stripe.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { diff, normal } from './compare.ts';
import { decline } from './scenarios/decline.ts';
import { discount } from './scenarios/discount.ts';
import { refusals } from './scenarios/refusals.ts';
import { renewal } from './scenarios/renewal.ts';
import { upgrade } from './scenarios/upgrade.ts';
import { type Scenario, type Seen, Story } from './story.ts';
import { checkTestKey, openSandbox, openStripe, pacer, REQUESTS_PER_SECOND, type Target } from './target.ts';

const SCENARIOS = [renewal, upgrade, decline, discount, refusals];
const key = process.env.STRIPE_TEST_KEY;
if (key !== undefined && key !== '') checkTestKey(key);
const MINUTES = 10 * 60_000;

async function tell(target: Target, scenario: Scenario): Promise<Seen[]> {
  const story = new Story(target);
  try {
    await scenario.run(story);
    return story.seen;
  } finally {
    const left = await story.cleanUp();
    if (left.length > 0) process.stderr.write(`Left behind on ${target.name}: ${left.join('; ')}\n`);
  }
}

async function onSandbox(scenario: Scenario): Promise<Seen[]> {
  const target = await openSandbox();
  return tell(target, scenario).finally(() => target.close());
}

describe('on the Sandbox', () => {
  it.each(SCENARIOS)('$name', async (scenario) => {
    expect(normal(await onSandbox(scenario))).toMatchSnapshot();
  });
});

if (key !== undefined && key !== '') {
  describe('on Stripe’s test mode', () => {
    const found: string[] = [];
    afterAll(
      () => void process.stderr.write(`Compared with Stripe: ${found.length} differences\n${found.map((line) => `  ${line}\n`).join('')}`),
    );

    it.each(SCENARIOS)('$name', { timeout: MINUTES }, async (scenario) => {
      const differences = diff(await onSandbox(scenario), await tell(openStripe(key), scenario));
      found.push(...differences.map((line) => `${scenario.name}: ${line}`));
      expect(differences).toEqual([]);
    });
  });
}

describe('the suite itself', () => {
  it('refuses live keys and what is no key, before any request', () => {
    for (const bad of ['sk_live_abcdefghijklmnop', 'rk_live_abcdefghijklmnop', 'pk_test_abcdefghijklmnop', '', 'sk_test_'])
      expect(() => openStripe(bad)).toThrow(/test-mode key/);
    expect(openStripe('sk_test_abcdefghijklmnop').name).toBe('stripe');
  });

  it(`sends at most ${REQUESTS_PER_SECOND} requests a second`, async () => {
    let now = 0;
    const sent: number[] = [];
    const paced = pacer({
      now: () => now,
      pause: async (ms) => {
        now += ms;
      },
      perSecond: REQUESTS_PER_SECOND,
    });
    for (let n = 0; n < 100; n += 1) {
      await paced();
      sent.push(now);
    }
    for (const at of sent) expect(sent.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(REQUESTS_PER_SECOND);
    expect(now).toBeGreaterThanOrEqual(4900);
  });

  it('takes away what it made', async () => {
    const target = await openSandbox();
    await tell(target, discount);
    const { data: clocks } = await target.stripe.testHelpers.testClocks.list();
    expect(clocks.filter(({ name }) => name === 'dual-target suite')).toEqual([]);
    expect((await target.stripe.customers.list()).data).toEqual([]);
    expect((await target.stripe.coupons.list()).data).toEqual([]);
    expect((await target.stripe.products.list({ active: true })).data).toEqual([]);
    await target.close();
  });

  it('takes ids for the same when they stand in the same places, and prints what differs', () => {
    const seen = (id: string, total: number): Seen[] => [
      { label: 'made', value: { id, again: `/v1/invoices/${id}` } },
      { label: 'paid', value: { total, lines: [{ amount: total }] } },
    ];
    const [one, two] = ['in_1AbCdEfGhIjKlMnOpQrStUv', 'in_9ZyXwVuTsRqPoNmLkJiHgFe'];
    expect(diff(seen(one, 500), seen(two, 500))).toEqual([]);
    expect(diff(seen(one, 500), seen(two, 501))).toEqual([
      'paid.total: sandbox 500 | stripe 501',
      'paid.lines[0].amount: sandbox 500 | stripe 501',
    ]);
    expect(diff(seen(one, 500), seen(two, 500).slice(1))).toEqual(['step 1: sandbox made | stripe paid']);
    expect(diff([{ label: 'x', value: { a: 1 } }], [{ label: 'x', value: {} }])).toEqual(['x.a: sandbox 1 | stripe undefined']);
  });
});
