import type { Route } from '../../kernel/types.ts';
import { listMoneyMovements, retrieveMoneyMovement } from './read.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/balance_transactions', run: listMoneyMovements },
  { method: 'GET', path: '/v1/balance_transactions/{id}', run: retrieveMoneyMovement },
];
