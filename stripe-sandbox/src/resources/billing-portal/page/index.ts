import type { PageRoute } from '../../../kernel/types.ts';
import { actInPortal } from './act.ts';
import { showPortal } from './show.ts';

export { portalHooks } from './act.ts';

export const portalPages: PageRoute[] = [
  { method: 'GET', path: '/p/{session}', run: showPortal },
  { method: 'POST', path: '/p/{session}', run: actInPortal },
];
