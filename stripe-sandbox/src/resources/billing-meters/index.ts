/** Billing meters: what is measured, and what was measured. Events come in through meter-events. */
import type { Route } from '../../kernel/types.ts';
import { createMeter } from './create.ts';
import { deactivateMeter, reactivateMeter } from './status.ts';
import { listSummaries } from './summaries.ts';
import { updateMeter } from './update.ts';

const PATH = '/v1/billing/meters';
const ONE = `${PATH}/{id}`;

export const routes: Route[] = [
  { method: 'POST', path: PATH, run: createMeter },
  { method: 'GET', path: PATH, run: (rq) => rq.tx.list(rq, { object: 'billing.meter', where: { status: rq.params.status } }) },
  { method: 'GET', path: ONE, run: (rq) => rq.tx.require('billing.meter', rq.path.id!) },
  { method: 'POST', path: ONE, run: updateMeter },
  { method: 'POST', path: `${ONE}/deactivate`, run: deactivateMeter },
  { method: 'POST', path: `${ONE}/reactivate`, run: reactivateMeter },
  { method: 'GET', path: `${ONE}/event_summaries`, run: listSummaries },
];
