import type { ResourceFolder, Route, TimerHandler } from '../../kernel/types.ts';
import { accept } from './accept.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { expireQuote } from './expire.ts';
import { finalize } from './finalize.ts';
import { lineItems, list, quoteIncludables, retrieve, upfrontLineItems } from './read.ts';
import { update } from './update.ts';

const ONE = '/v1/quotes/{id}';
/** Known, without behaviour here. */
const CONNECT = ['application_fee_amount', 'application_fee_percent', 'customer_account', 'on_behalf_of', 'transfer_data'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/quotes', run: create, unsupported: [...CONNECT, 'test_clock'] },
  { method: 'GET', path: '/v1/quotes', run: list, unsupported: ['customer_account'] },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update, unsupported: CONNECT },
  { method: 'POST', path: `${ONE}/finalize`, run: finalize },
  { method: 'POST', path: `${ONE}/accept`, run: accept },
  { method: 'POST', path: `${ONE}/cancel`, run: cancel },
  { method: 'GET', path: `${ONE}/line_items`, run: lineItems },
  { method: 'GET', path: `${ONE}/computed_upfront_line_items`, run: upfrontLineItems },
];

export const timers: Record<string, TimerHandler> = { quote_expire: (tx, timer) => expireQuote(tx, timer.ref) };

export const includables: NonNullable<ResourceFolder['includables']> = { quote: quoteIncludables };
