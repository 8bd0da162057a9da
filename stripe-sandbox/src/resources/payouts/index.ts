import type { Route } from '../../kernel/types.ts';
import { createPayout } from './create.ts';
import { listPayouts, retrievePayout, updatePayout } from './read.ts';

const ONE = '/v1/payouts/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/payouts', run: createPayout, unsupported: ['destination', 'payout_method'] },
  { method: 'GET', path: '/v1/payouts', run: listPayouts, unsupported: ['destination'] },
  { method: 'GET', path: ONE, run: retrievePayout },
  { method: 'POST', path: ONE, run: updatePayout },
];
