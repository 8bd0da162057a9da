/** The events API: what happened, newest first, for 30 days of transport time. */
import type { Route } from '../../kernel/types.ts';
import { listEvents } from './list.ts';
import { retrieveEvent } from './retrieve.ts';
import { retryEvent } from './retry.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/events', run: listEvents },
  { method: 'GET', path: '/v1/events/{event}', run: retrieveEvent },
  // Not in the SDK: the CLI's `events resend`.
  {
    method: 'POST',
    path: '/v1/events/{event}/retry',
    run: retryEvent,
    privateParams: { o: { account: 's', expand: { a: 's' }, for_stripecli: 'b', webhook_endpoint: 's' } },
    unsupported: ['account'],
  },
];
