/** Webhook endpoints: where events go. The sender is webhooks/. */
import type { Route } from '../../kernel/types.ts';
import { createEndpoint } from './create.ts';
import { deleteEndpoint } from './delete.ts';
import { updateEndpoint } from './update.ts';

const PATH = '/v1/webhook_endpoints';

export const routes: Route[] = [
  { method: 'POST', path: PATH, run: createEndpoint },
  { method: 'GET', path: PATH, run: (rq) => rq.tx.list(rq, { object: 'webhook_endpoint', scoped: true }) },
  { method: 'GET', path: `${PATH}/{webhook_endpoint}`, run: (rq) => rq.tx.require('webhook_endpoint', rq.path.webhook_endpoint!) },
  { method: 'POST', path: `${PATH}/{webhook_endpoint}`, run: updateEndpoint },
  { method: 'DELETE', path: `${PATH}/{webhook_endpoint}`, run: deleteEndpoint },
];
