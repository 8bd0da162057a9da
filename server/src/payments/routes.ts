import { z } from 'zod';
import { findCustomer } from '../customers/index.ts';
import { getInvoiceWithLines } from '../invoices/index.ts';
import type { Ctx } from '../kit/context.ts';
import { notFound } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../kit/http.ts';
import { getPayment, listPayments } from './queries.ts';
import { listRefunds, refundWithPayment } from './refund-queries.ts';
import { paymentSchema, paymentStatusSchema, refundSchema, refundStatusSchema, wirePayment, wireRefund } from './wire.ts';

const reference = z.string().max(255).optional();
const ofCustomer = reference.describe('Only of this customer, by our id or Stripe’s.');
const ofInvoice = reference.describe('Only of this invoice, by our id or Stripe’s.');

const listAllPayments = defineRoute({
  method: 'GET',
  path: '/v1/payments',
  scope: 'payments:read',
  summary: 'List payments',
  description: 'Newest first: one of each issued invoice, and PaymentIntents made in Stripe without an invoice.',
  tags: ['Payments'],
  query: listQuery.extend({ customer: ofCustomer, invoice: ofInvoice, status: paymentStatusSchema.optional() }),
  response: listOf(paymentSchema),
  async handler(ctx, { query }) {
    const { limit, cursor, status } = query;
    const rows = await listPayments(ctx, { ...(await ids(ctx, query)), status, limit, after: cursor ?? null });
    return page(rows, { limit, cursorOf: ({ id }) => id, toWire: wirePayment });
  },
});

const getOnePayment = defineRoute({
  method: 'GET',
  path: '/v1/payments/{id}',
  scope: 'payments:read',
  summary: 'Read a payment',
  description: 'By our id or its PaymentIntent’s.',
  tags: ['Payments'],
  params: idParams,
  response: paymentSchema,
  async handler(ctx, { params }) {
    return wirePayment((await getPayment(ctx, params.id)) ?? notFound('payment', params.id));
  },
});

const listAllRefunds = defineRoute({
  method: 'GET',
  path: '/v1/refunds',
  scope: 'payments:read',
  summary: 'List refunds',
  description: 'Newest first.',
  tags: ['Payments'],
  query: listQuery.extend({
    customer: ofCustomer,
    invoice: ofInvoice,
    payment: reference.describe('Only of this payment, by our id or its PaymentIntent’s.'),
    status: refundStatusSchema.optional(),
  }),
  response: listOf(refundSchema),
  async handler(ctx, { query }) {
    const { limit, cursor, status, payment } = query;
    const paymentId = payment === undefined ? undefined : ((await getPayment(ctx, payment))?.id ?? '');
    const rows = await listRefunds(ctx, { ...(await ids(ctx, query)), paymentId, status, limit, after: cursor ?? null });
    return page(rows, { limit, cursorOf: ({ id }) => id, toWire: wireRefund });
  },
});

const getOneRefund = defineRoute({
  method: 'GET',
  path: '/v1/refunds/{id}',
  scope: 'payments:read',
  summary: 'Read a refund',
  description: 'By our id or Stripe’s.',
  tags: ['Payments'],
  params: idParams,
  response: refundSchema,
  async handler(ctx, { params }) {
    return wireRefund((await refundWithPayment(ctx, params.id)) ?? notFound('refund', params.id));
  },
});

/** Our ids of what the caller named; a name that nobody has matches nothing. */
async function ids(ctx: Ctx, query: { customer?: string | undefined; invoice?: string | undefined }) {
  const { customer, invoice } = query;
  return {
    customerId: customer === undefined ? undefined : ((await findCustomer(ctx, customer))?.id ?? ''),
    invoiceId: invoice === undefined ? undefined : ((await getInvoiceWithLines(ctx, invoice))?.id ?? ''),
  };
}

export const routes: readonly Route[] = [listAllPayments, getOnePayment, listAllRefunds, getOneRefund];
