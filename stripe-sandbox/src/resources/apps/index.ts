import type { HookListeners, Route } from '../../kernel/types.ts';
import { recordInstall, removeInstall } from './install.ts';
import { listInstalls, retrieveInstall, uninstallApp } from './read.ts';

const INSTALLS = '/v1/apps/installs';

export const routes: Route[] = [
  { method: 'GET', path: INSTALLS, run: listInstalls, unsupported: ['approval_required', 'created_by'] },
  { method: 'GET', path: `${INSTALLS}/{id}`, run: retrieveInstall },
  { method: 'POST', path: `${INSTALLS}/{id}/uninstall`, run: uninstallApp },
];

export const hooks: HookListeners = { 'app.authorized': recordInstall, 'app.deauthorized': removeInstall };
