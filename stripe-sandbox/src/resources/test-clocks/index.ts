/** Test clocks: simulated time per clock, moved by `advance` (the loop is clock/clocks.ts). */
import type { Route, TimerHandler } from '../../kernel/types.ts';
import { advanceClock } from './advance.ts';
import { createClock } from './create.ts';
import { deleteClock, deleteOldClock } from './delete.ts';

const PATH = '/v1/test_helpers/test_clocks';

export const routes: Route[] = [
  { method: 'POST', path: PATH, run: createClock },
  { method: 'GET', path: PATH, run: ({ tx, ...rq }) => tx.list({ tx, ...rq }, { object: 'test_helpers.test_clock', scoped: true }) },
  { method: 'GET', path: `${PATH}/{test_clock}`, run: ({ tx, path }) => tx.require('test_helpers.test_clock', path.test_clock!) },
  { method: 'POST', path: `${PATH}/{test_clock}/advance`, run: advanceClock },
  { method: 'DELETE', path: `${PATH}/{test_clock}`, run: deleteClock },
];

export const timers: Record<string, TimerHandler> = { clock_delete: deleteOldClock };
