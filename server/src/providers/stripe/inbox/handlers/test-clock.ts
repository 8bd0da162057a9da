import type { Handler } from '../handler.ts';

/** Simulated time moved. The environment's clock is moved by the advance itself; the row tells that Stripe's moved. */
export const testClock: Handler = {
  target: () => null,
  load: () => Promise.resolve([]),
  record: () => Promise.resolve('notify_only'),
};
