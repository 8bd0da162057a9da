import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Company, type House, openHouse, paidInvoice } from '../../test/support/company.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const NOW = '2026-01-01T09:00:00Z';

/** What Stripe would show at the end, told in any order and any number of times: each report is the newest state of its object. */
const reports = (company: Company, ada: string, sub: string) => [
  async () => void (await company.subscription(ada, { stripeId: 'sub_1' })),
  async () => {
    const invoice = await company.invoice(ada, sub, { stripeId: 'in_1', number: 'ACME-0001', ...paidInvoice(NOW) });
    await company.pay(invoice, { status: 'succeeded', error: null, latestChargeId: 'ch_1', succeededAt: at(NOW) });
  },
  async () => {
    const invoice = await company.invoice(ada, sub, { stripeId: 'in_2', number: 'ACME-0002' });
    await company.pay(invoice, { latestChargeId: 'ch_2' });
  },
  async () => company.payment(ada, { stripeId: 'pi_1', amount: 2500n }),
];

test('[P2] [P7] the same reports in any order, each repeated, give the same set of mails', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 12 }), async (extra) => {
      const company = await house.company();
      const ada = await company.customer();
      const sub = await company.subscription(ada, { stripeId: 'sub_1' });
      const steps = reports(company, ada, sub);
      for (const step of [...extra, 0, 1, 2, 3]) await steps[step]!();
      await company.settle();
      for (const step of extra) await steps[step]!();
      await company.settle();
      expect((await company.told()).sort()).toEqual([
        'payment.failed sent',
        'payment.received sent',
        'payment.received sent',
        'subscription.created sent',
      ]);
      expect(await company.mails()).toHaveLength(4);
    }),
    { numRuns: 6 },
  );
}, 120_000);
