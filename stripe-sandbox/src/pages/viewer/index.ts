import type { PageRoute } from '../../kernel/types.ts';
import { actInViewer } from './act.ts';
import { showEvent } from './events.ts';
import { showViewer } from './home.ts';
import { showObject } from './objects.ts';
import { showRequest } from './requests.ts';

export const viewerPages: PageRoute[] = [
  { method: 'GET', path: '/', run: showViewer },
  { method: 'GET', path: '/viewer/event/{event}', run: showEvent },
  { method: 'GET', path: '/viewer/object/{object}', run: showObject },
  { method: 'GET', path: '/viewer/request/{request}', run: showRequest },
  { method: 'POST', path: '/viewer/act', run: actInViewer },
];
