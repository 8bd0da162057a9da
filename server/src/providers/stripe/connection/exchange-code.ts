import { z } from 'zod';
import type { Ctx } from '../../../kit/context.ts';
import { addressOf } from '../address.ts';
import { createStripeApi, type StripeApi } from '../client.ts';
import { text } from '../pull/fields.ts';
import { unlimited } from '../rate-limiter.ts';
import type { Credential } from './connect.ts';
import { type OauthClient, oauthClient } from './oauth-client.ts';

const answer = z.object({
  stripe_user_id: z.string().startsWith('acct_'),
  livemode: z.boolean(),
  scope: text,
  access_token: text,
  refresh_token: text,
  expires_in: z.number().int().positive().optional(),
});

/** What an app's access token lives, where Stripe does not say (docs: one hour). */
const ACCESS_SECONDS = 3600;

/** Exchanges an authorisation code, once. Connect is then used with the platform's key and `Stripe-Account`; an app has tokens of its own. */
export async function exchangeCode(ctx: Ctx, a: { stateId: string; kind: 'connect' | 'app'; code: string }): Promise<Credential> {
  const client = await oauthClient(ctx.app, ctx.mode);
  const api = platformApi(ctx, client);
  const params = { grant_type: 'authorization_code', code: a.code };
  const key = `billow/oauth/${a.stateId}`;
  const given =
    a.kind === 'app'
      ? await api.post('/v1/oauth/token', answer, { params, key })
      : await api.post('/oauth/token', answer, { params, key, host: 'connect' });
  const isApp = a.kind === 'app' && given.access_token !== null;
  return {
    authKind: 'oauth',
    keyKind: 'oauth',
    secret: isApp ? given.access_token! : client.secretKey,
    livemode: given.livemode,
    oauth: {
      kind: a.kind,
      scope: given.scope,
      accountId: given.stripe_user_id,
      refreshToken: isApp ? given.refresh_token : null,
      accessExpiresAt: isApp ? ctx.machineClock.now().add({ seconds: given.expires_in ?? ACCESS_SECONDS }) : null,
    },
  };
}

/** Renews an app's access token. The refresh token is rolled: whoever calls stores the new one before forgetting the old. */
export async function exchangeRefreshToken(
  ctx: Ctx,
  a: { refreshToken: string; key: string },
): Promise<{ access: string; refresh: string | null; seconds: number }> {
  const api = platformApi(ctx, await oauthClient(ctx.app, ctx.mode));
  const params = { grant_type: 'refresh_token', refresh_token: a.refreshToken };
  const given = await api.post(
    '/v1/oauth/token',
    answer.partial({ stripe_user_id: true, livemode: true }).required({ access_token: true }),
    { params, key: a.key },
  );
  return { access: given.access_token ?? '', refresh: given.refresh_token, seconds: given.expires_in ?? ACCESS_SECONDS };
}

function platformApi(ctx: Ctx, client: OauthClient): StripeApi {
  const address = addressOf(ctx.app, { provider: ctx.mode === 'sandbox' ? 'stripe_sandbox' : 'stripe', apiBase: null });
  return createStripeApi({
    address,
    secret: client.secretKey,
    limiter: unlimited,
    lane: 'money',
    machineClock: ctx.machineClock,
    log: ctx.log,
  });
}
