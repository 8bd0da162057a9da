import type { PageRoute, TimerHandler } from '../../../kernel/types.ts';
import { actInPortal } from './act.ts';
import { showCancel, submitCancel } from './cancel.ts';
import { showConfirm, submitConfirm } from './confirm.ts';
import { returnToPortal, showDone } from './finish.ts';
import { showLogin, submitLogin } from './login.ts';
import { resumeDue, showPause, submitPause } from './pause.ts';
import { showPortal } from './show.ts';
import { chooseUpdate, showUpdate } from './update.ts';

export { portalHooks } from './actions.ts';

export const portalTimers: Record<string, TimerHandler> = { portal_resume: resumeDue };

export const portalPages: PageRoute[] = [
  { method: 'GET', path: '/p/login/{token}', run: showLogin },
  { method: 'POST', path: '/p/login/{token}', run: submitLogin },
  { method: 'GET', path: '/p/{session}', run: showPortal },
  { method: 'POST', path: '/p/{session}', run: actInPortal },
  { method: 'GET', path: '/p/{session}/done', run: showDone },
  { method: 'GET', path: '/p/{session}/returned', run: returnToPortal },
  { method: 'GET', path: '/p/{session}/cancel/{subscription}', run: showCancel },
  { method: 'POST', path: '/p/{session}/cancel/{subscription}', run: submitCancel },
  { method: 'GET', path: '/p/{session}/pause/{subscription}', run: showPause },
  { method: 'POST', path: '/p/{session}/pause/{subscription}', run: submitPause },
  { method: 'GET', path: '/p/{session}/update/{subscription}', run: showUpdate },
  { method: 'POST', path: '/p/{session}/update/{subscription}', run: chooseUpdate },
  { method: 'GET', path: '/p/{session}/confirm/{subscription}', run: showConfirm },
  { method: 'POST', path: '/p/{session}/confirm/{subscription}', run: submitConfirm },
];
