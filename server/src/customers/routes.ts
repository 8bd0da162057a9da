import { z } from 'zod';
import { notFound } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../kit/http.ts';
import { findCustomer, listCustomers } from './queries.ts';
import { customerSchema, wireCustomer } from './wire.ts';

const list = defineRoute({
  method: 'GET',
  path: '/v1/customers',
  scope: 'customers:read',
  summary: 'List customers',
  description: 'Newest first.',
  tags: ['Customers'],
  query: listQuery.extend({
    email: z.string().max(512).optional().describe('Only this address, whatever its case.'),
    status: z.enum(['active', 'archived']).optional(),
    billing_id: z.string().max(255).optional().describe('Only the customer with this Stripe id.'),
  }),
  response: listOf(customerSchema),
  async handler(ctx, { query }) {
    const { limit, cursor, email, status, billing_id: billingId } = query;
    const rows = await listCustomers(ctx, { limit, after: cursor ?? null, email, status, billingId });
    return page(rows, { limit, cursorOf: ({ id }) => id, toWire: wireCustomer });
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/customers/{id}',
  scope: 'customers:read',
  summary: 'Read a customer',
  description: 'By our id or Stripe’s.',
  tags: ['Customers'],
  params: idParams,
  response: customerSchema,
  async handler(ctx, { params }) {
    return wireCustomer((await findCustomer(ctx, params.id)) ?? notFound('customer', params.id));
  },
});

export const routes: readonly Route[] = [list, get];
