/** What a platform asks for at the consent page, checked. Refusals stay on the page as JSON; only a denial goes back to the platform [S 3.13]. */
import { allPermissions } from '../../http/permissions.ts';
import { OAuthError } from '../../kernel/errors.ts';
import type { Account, PageRequest } from '../../kernel/types.ts';
import { httpUrl } from '../../pages/layout.ts';

export type ConsentKind = 'connect' | 'app';
export type ConsentRequest = {
  kind: ConsentKind;
  platform: Account;
  clientId: string;
  scope: 'read_only' | 'read_write' | 'stripe_apps';
  /** Where the answer goes; one of those registered. */
  redirectUri: string;
  state: string | null;
};

/** Reads the query of either authorize address. Throws OAuthError. */
export async function readConsentRequest(rq: PageRequest, kind: ConsentKind): Promise<ConsentRequest> {
  const asked = (name: string): string | null => rq.query.get(name) || null;
  const clientId = asked('client_id');
  if (clientId === null) throw new OAuthError('invalid_request', 'No client_id was provided.');
  const platform = (await rq.accounts()).find((account) => account.settings.client_id === clientId);
  if (platform === undefined) throw new OAuthError('invalid_client', `No application matches the supplied client identifier: ${clientId}`);
  const responseType = asked('response_type');
  if (kind === 'connect' && responseType !== 'code') {
    throw new OAuthError('unsupported_response_type', `response_type must be 'code', not '${responseType ?? ''}'.`);
  }
  return {
    kind,
    platform,
    clientId,
    scope: scopeOf(kind, asked('scope')),
    redirectUri: redirectUriOf(platform, asked('redirect_uri')),
    state: asked('state'),
  };
}

/** What an app asks for: its manifest's permissions; without any, all of them. */
export function permissionsOf(platform: Account): string[] {
  const { permissions } = platform.settings;
  return Array.isArray(permissions) ? permissions.map(String) : allPermissions();
}

function scopeOf(kind: ConsentKind, asked: string | null): ConsentRequest['scope'] {
  if (kind === 'app') return 'stripe_apps';
  if (asked === null) return 'read_only';
  if (asked === 'read_only' || asked === 'read_write') return asked;
  throw new OAuthError('invalid_scope', `Invalid scope provided: ${asked}`);
}

function redirectUriOf(platform: Account, asked: string | null): string {
  const registered = platform.settings.redirect_uris ?? [];
  const uri = asked ?? registered[0] ?? null;
  if (uri === null || !registered.includes(uri) || httpUrl(uri) === null) {
    throw new OAuthError(
      'invalid_redirect_uri',
      `Invalid redirect URI '${uri ?? ''}'. Ensure this URI exactly matches one of the URIs of your application.`,
    );
  }
  return uri;
}
