import { settleRefund } from '../../billing/payments/index.ts';
import type { Route, TimerHandler } from '../../kernel/types.ts';
import { createRefund } from './create.ts';
import { cancelRefund, listRefunds, retrieveRefund, updateRefund } from './update.ts';

const ONE = '/v1/refunds/{id}';
const UNSUPPORTED = [
  'currency',
  'customer',
  'customer_account',
  'instructions_email',
  'origin',
  'refund_application_fee',
  'reverse_transfer',
];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/refunds', run: createRefund, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/refunds', run: listRefunds },
  { method: 'GET', path: ONE, run: retrieveRefund },
  { method: 'POST', path: ONE, run: updateRefund },
  { method: 'POST', path: `${ONE}/cancel`, run: cancelRefund },
];

export const timers: Record<string, TimerHandler> = { refund_settle: settleRefund };
