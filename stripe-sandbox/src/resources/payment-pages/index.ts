/** What a browser on Stripe's own Checkout page asks for; the CLI pays its sessions with it. Private at Stripe, not in the SDK. */
import type { Route } from '../../kernel/types.ts';
import { confirmPaymentPage } from './confirm.ts';
import { retrievePaymentPage } from './retrieve.ts';

const ONE = '/v1/payment_pages/{session}';

export const routes: Route[] = [
  { method: 'GET', path: ONE, run: retrievePaymentPage, privateParams: { o: { expand: { a: 's' } } } },
  {
    method: 'POST',
    path: `${ONE}/confirm`,
    run: confirmPaymentPage,
    privateParams: { o: { expand: { a: 's' }, expected_amount: 'n', payment_method: 's' }, r: ['payment_method', 'expected_amount'] },
  },
];
