/** Pages that belong to no resource, and what the resources' pages are built from. */
import type { HookListeners, PageRoute } from '../kernel/types.ts';
import { invoicePages, keepCardHooks } from './invoice/index.ts';
import { serveStylesheet } from './stylesheet.ts';
import { decideAuthentication, showAuthentication } from './three-d-secure.ts';
import { viewerPages } from './viewer/index.ts';

export const pages: PageRoute[] = [
  { method: 'GET', path: '/pages.css', run: serveStylesheet },
  { method: 'GET', path: '/3ds/{intent}', run: showAuthentication },
  { method: 'POST', path: '/3ds/{intent}', run: decideAuthentication },
  ...invoicePages,
  ...viewerPages,
];

export const hooks: HookListeners = keepCardHooks;
