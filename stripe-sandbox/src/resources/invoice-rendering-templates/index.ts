import type { Route } from '../../kernel/types.ts';
import { archive, unarchive } from './archive.ts';
import { list, retrieve } from './read.ts';

const ONE = '/v1/invoice_rendering_templates/{id}';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/invoice_rendering_templates', run: list },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: `${ONE}/archive`, run: archive },
  { method: 'POST', path: `${ONE}/unarchive`, run: unarchive },
];
