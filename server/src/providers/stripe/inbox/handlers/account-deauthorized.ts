import { checkStillAuthorized } from '../../connection/revoke.ts';
import type { Handler } from '../handler.ts';

/** The merchant removed us: believed only when Stripe refuses our next call, so that nobody can end a connection by a message. */
export const accountDeauthorized: Handler = {
  target: () => null,
  load: async ({ source }) => {
    await checkStillAuthorized(source);
    return [];
  },
  record: () => Promise.resolve('notify_only'),
};
