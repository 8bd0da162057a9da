import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  at,
  CONNECTION,
  customerReport,
  invoiceReport,
  issued,
  lineReport,
  subscriptionReport,
  witness,
} from '../../test/scenarios/reports.ts';
import { listen, transitionsInCode, transitionsInDatabase } from '../../test/scenarios/told.ts';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { recordCustomer } from '../customers/index.ts';
import { recordSubscription, type SubscriptionWithItems } from '../subscriptions/index.ts';
import type { InvoiceInput } from './invoice.ts';
import { getInvoiceWithLines } from './queries.ts';
import { recordInvoiceDeleted } from './record-deleted.ts';
import { recordInvoice } from './record-invoice.ts';
import { INVOICE_TRANSITIONS } from './status.ts';

let kit: Kit;
let told: ReturnType<typeof listen>;
let subscription: SubscriptionWithItems;
beforeAll(async () => {
  kit = await startKit({ now: '2026-02-01T00:00:00Z' });
  told = listen(kit);
  const customer = await recordCustomer(await kit.ctx(), customerReport());
  subscription = (await recordSubscription(await kit.ctx(), subscriptionReport(customer.row.id))).row;
  await told.fresh();
});
afterAll(() => kit?.close());

async function on(instant: string, over: Partial<InvoiceInput>) {
  await kit.setClock(at(instant).toString());
  return recordInvoice(await kit.ctx(), invoiceReport(subscription.customerId, { subscriptionId: subscription.id, ...over }));
}

test('[I18] the status table in code is the one the database enforces', async () => {
  expect(transitionsInCode(INVOICE_TRANSITIONS)).toEqual(await transitionsInDatabase(kit, 'invoices'));
});

test('1 February: a renewal is drafted, its line names the item it bills', async () => {
  const { row } = await on('2026-02-01', { cause: 'evt_in_1', witnessAt: at('2026-02-01') });
  expect(row).toMatchObject({ status: 'draft', number: null, origin: 'stripe', biller: 'stripe', createdAt: at('2026-02-01') });
  expect(row.lines).toMatchObject([
    { stripeProductId: 'prod_pro', quantity: '1', amount: 3000n, subscriptionItemId: subscription.items[0]?.id },
  ]);
  const [event, ...rest] = await told.fresh();
  expect(rest).toEqual([]);
  expect(event).toMatchObject({ type: 'invoice.created', object_id: row.id, cause: 'evt_in_1' });
  expect(event?.data).toEqual({
    customer_id: subscription.customerId,
    subscription_id: subscription.id,
    invoice_id: row.id,
    stripe_customer_id: 'cus_ada',
    stripe_object_id: 'in_1',
    status: 'draft',
    payment_status: 'pending',
    billing_reason: 'subscription_cycle',
    collection_method: 'charge_automatically',
    total_amount: 3000,
    remaining_amount: 3000,
    currency: 'usd',
    witness_at: '2026-02-01T00:00:00Z',
    historical: false,
  });
});

test('in its hour as a draft a line is added and another changed; ids of what stays stay', async () => {
  const before = await getInvoiceWithLines(await kit.ctx(), 'in_1');
  const usage = lineReport({ stripeLineId: 'il_2', kind: 'usage', description: '120 calls', amount: 1200n, quantity: '120' });
  const lines = [lineReport({ description: '1 × Pro (annual)' }), usage];
  const { row } = await on('2026-02-01T00:30:00Z', { lines, subtotalAmount: 4200n, totalAmount: 4200n, remainingAmount: 4200n });
  expect(row.lines.map(({ id, description, amount }) => [id === before?.lines[0]?.id, description, amount])).toEqual([
    [true, '1 × Pro (annual)', 3000n],
    [false, '120 calls', 1200n],
  ]);
  const again = await on('2026-02-01T00:31:00Z', { lines: [lineReport()] });
  expect(again.row.lines.map(({ description }) => description)).toEqual(['1 × Pro']);
  expect(await told.types()).toEqual(['invoice.updated', 'invoice.updated']);
});

test('01:00: it is issued; the same news five times at once is one announcement', async () => {
  const ctx = await kit.ctx();
  const report = invoiceReport(subscription.customerId, { subscriptionId: subscription.id, ...issued() });
  const all = await Promise.all(Array.from({ length: 5 }, () => recordInvoice(ctx, report)));
  expect(all.filter(({ changed }) => changed)).toHaveLength(1);
  expect(all[0]?.row).toMatchObject({ status: 'finalized', number: 'ADA-0001', paymentStatus: 'pending', remainingAmount: 3000n });
  expect(await told.types()).toEqual(['invoice.finalized']);
});

test('a draft deleted in Stripe is voided; an issued invoice is not touched; a stranger is nothing', async () => {
  await on('2026-02-02', { stripeId: 'in_draft' });
  await told.fresh();
  const gone = async (stripeId: string) => recordInvoiceDeleted(await kit.ctx(), { ...witness(), connectionId: CONNECTION, stripeId });
  expect((await gone('in_draft'))?.row).toMatchObject({ status: 'voided', stripeStatus: 'deleted' });
  expect((await gone('in_draft'))?.changed).toBe(false);
  expect((await gone('in_1'))?.changed).toBe(false);
  expect(await gone('in_never')).toBeNull();
  expect(await told.types()).toEqual(['invoice.deleted']);
});

test('[I19] an invoice cannot name a customer of another environment', async () => {
  const other = await kit.addEnvironment();
  const foreign = recordInvoice(await kit.ctx(other), invoiceReport(subscription.customerId));
  await expect(foreign).rejects.toThrow(/foreign key/);
});
