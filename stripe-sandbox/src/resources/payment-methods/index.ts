import type { Route } from '../../kernel/types.ts';
import { attach, detach } from './attach.ts';
import { createPaymentMethod } from './create.ts';
import { listPaymentMethods, retrievePaymentMethod } from './read.ts';
import { updatePaymentMethod } from './update.ts';

const ONE = '/v1/payment_methods/{id}';
const NOT_ON_CREATE = ['customer', 'customer_account', 'payment_method', 'radar_options'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/payment_methods', run: createPaymentMethod, unsupported: NOT_ON_CREATE, publishable: true },
  { method: 'GET', path: '/v1/payment_methods', run: listPaymentMethods, unsupported: ['customer_account'] },
  { method: 'GET', path: ONE, run: retrievePaymentMethod },
  { method: 'POST', path: ONE, run: updatePaymentMethod, unsupported: ['us_bank_account', 'payto'] },
  { method: 'POST', path: `${ONE}/attach`, run: attach, unsupported: ['customer_account'] },
  { method: 'POST', path: `${ONE}/detach`, run: detach },
];
