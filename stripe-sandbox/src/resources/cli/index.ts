/** What the Stripe CLI asks for before `listen` and `logs tail`. Private at Stripe, not in the SDK. */
import type { Route } from '../../kernel/types.ts';
import { createSession } from './create-session.ts';

export const routes: Route[] = [
  {
    method: 'POST',
    path: '/v1/stripecli/sessions',
    run: createSession,
    privateParams: {
      o: {
        device_name: 's',
        expand: { a: 's' },
        filters: 's',
        forward_to_url: 's',
        forward_connect_to_url: 's',
        forward_thin_to_url: 's',
        forward_thin_connect_to_url: 's',
        websocket_features: { a: 's' },
      },
      r: ['device_name', 'websocket_features'],
    },
  },
];
