import { tellBalance } from '../../billing/payments/index.ts';
import type { Route, TimerHandler } from '../../kernel/types.ts';
import { listMoneyMovements, retrieveBalance, retrieveMoneyMovement } from './read.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/balance', run: retrieveBalance },
  { method: 'GET', path: '/v1/balance_transactions', run: listMoneyMovements },
  { method: 'GET', path: '/v1/balance_transactions/{id}', run: retrieveMoneyMovement },
];

export const timers: Record<string, TimerHandler> = { balance_available: tellBalance };
