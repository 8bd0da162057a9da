import { z } from 'zod';
import { findCustomer } from '../customers/index.ts';
import { notFound } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../kit/http.ts';
import { getSubscriptionWithItems } from '../subscriptions/index.ts';
import { getInvoiceWithLines, listInvoices } from './queries.ts';
import { invoiceSchema, invoiceWithLinesSchema, paymentStatusSchema, statusSchema, wireInvoice, wireLine } from './wire.ts';

const reference = z.string().max(255).optional();

const list = defineRoute({
  method: 'GET',
  path: '/v1/invoices',
  scope: 'invoices:read',
  summary: 'List invoices',
  description: 'Newest first, without their lines.',
  tags: ['Invoices'],
  query: listQuery.extend({
    customer: reference.describe('Only of this customer, by our id or Stripe’s.'),
    subscription: reference.describe('Only of this subscription, by our id or Stripe’s.'),
    status: statusSchema.optional(),
    payment_status: paymentStatusSchema.optional(),
    billing_id: reference.describe('Only the invoice with this Stripe id.'),
  }),
  response: listOf(invoiceSchema),
  async handler(ctx, { query }) {
    const { limit, cursor, customer, subscription, status } = query;
    const filter = {
      customerId: customer === undefined ? undefined : ((await findCustomer(ctx, customer))?.id ?? ''),
      subscriptionId: subscription === undefined ? undefined : ((await getSubscriptionWithItems(ctx, subscription))?.id ?? ''),
      status,
      paymentStatus: query.payment_status,
      billingId: query.billing_id,
    };
    const rows = await listInvoices(ctx, { ...filter, limit, after: cursor ?? null });
    return page(rows, { limit, cursorOf: ({ id }) => id, toWire: wireInvoice });
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/invoices/{id}',
  scope: 'invoices:read',
  summary: 'Read an invoice',
  description: 'By our id or Stripe’s, with its lines.',
  tags: ['Invoices'],
  params: idParams,
  response: invoiceWithLinesSchema,
  async handler(ctx, { params }) {
    const invoice = (await getInvoiceWithLines(ctx, params.id)) ?? notFound('invoice', params.id);
    return { ...wireInvoice(invoice), lines: invoice.lines.map(wireLine) };
  },
});

export const routes: readonly Route[] = [list, get];
