/** OAuth outside /v1: two consent pages (Connect, Apps), the token addresses and deauthorize. */
import type { PageRoute } from '../../kernel/types.ts';
import { showConsent } from './consent-page.ts';
import { deauthorize } from './deauthorize.ts';
import { decideConsent } from './decide.ts';
import { exchangeToken } from './exchange.ts';

export const pages: PageRoute[] = [
  { method: 'GET', path: '/oauth/authorize', run: showConsent('connect') },
  { method: 'POST', path: '/oauth/authorize', run: decideConsent('connect') },
  { method: 'POST', path: '/oauth/token', run: exchangeToken('connect') },
  { method: 'POST', path: '/oauth/deauthorize', run: deauthorize },
  { method: 'GET', path: '/oauth/v2/authorize', run: showConsent('app') },
  { method: 'POST', path: '/oauth/v2/authorize', run: decideConsent('app') },
  { method: 'POST', path: '/v1/oauth/token', run: exchangeToken('app') },
];
