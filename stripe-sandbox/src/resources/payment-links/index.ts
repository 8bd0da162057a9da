import type { PageRoute, ResourceFolder, Route } from '../../kernel/types.ts';
import { createPaymentLink } from './create.ts';
import { openPaymentLink } from './open.ts';
import { includeLinkItems, listLinkItems, listPaymentLinks, retrievePaymentLink } from './read.ts';
import { updatePaymentLink } from './update.ts';

const ALL = '/v1/payment_links';
const ONE = `${ALL}/{id}`;
/** Money for platforms, and what no page of the Sandbox does. */
const UNSUPPORTED = [
  'application_fee_amount',
  'application_fee_percent',
  'managed_payments',
  'on_behalf_of',
  'payment_method_options',
  'transfer_data',
];

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: createPaymentLink, unsupported: UNSUPPORTED },
  { method: 'GET', path: ALL, run: listPaymentLinks },
  { method: 'GET', path: ONE, run: retrievePaymentLink },
  { method: 'POST', path: ONE, run: updatePaymentLink, unsupported: [...UNSUPPORTED, 'optional_items', 'shipping_options'] },
  { method: 'GET', path: `${ONE}/line_items`, run: listLinkItems },
];

export const includables: NonNullable<ResourceFolder['includables']> = { payment_link: { line_items: includeLinkItems } };
export const pages: PageRoute[] = [{ method: 'GET', path: '/a/{link}', run: openPaymentLink }];
