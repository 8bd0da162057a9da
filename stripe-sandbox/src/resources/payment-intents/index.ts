import { expireAuthorization, settleProcessingPayment } from '../../billing/payments/index.ts';
import type { Route, TimerHandler } from '../../kernel/types.ts';
import { cancel, capture, confirm } from './confirm.ts';
import { create } from './create.ts';
import { UNSUPPORTED } from './params.ts';
import { list, retrieve, search } from './read.ts';
import { update } from './update.ts';

const ALL = '/v1/payment_intents';
const ONE = `${ALL}/{id}`;

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: create, unsupported: UNSUPPORTED },
  { method: 'GET', path: ALL, run: list, unsupported: ['customer_account'] },
  { method: 'GET', path: `${ALL}/search`, run: search },
  { method: 'GET', path: ONE, run: retrieve, publishable: true },
  { method: 'POST', path: ONE, run: update, unsupported: UNSUPPORTED },
  { method: 'POST', path: `${ONE}/confirm`, run: confirm, unsupported: UNSUPPORTED },
  {
    method: 'POST',
    path: `${ONE}/capture`,
    run: capture,
    unsupported: ['application_fee_amount', 'hooks', 'transfer_data'],
  },
  { method: 'POST', path: `${ONE}/cancel`, run: cancel },
];

export const timers: Record<string, TimerHandler> = {
  async_settle: settleProcessingPayment,
  authorization_expire: expireAuthorization,
};
