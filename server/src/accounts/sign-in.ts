import type { Kysely } from 'kysely';
import type { App } from '../kit/context.ts';
import { originsOf } from './same-origin.ts';

/** E-mail and password sign-in through better-auth. */
export type SignIn = {
  /** Serves /api/auth/*. */
  handle(request: Request): Promise<Response>;
  /** The person of a session cookie, or null. */
  personOf(headers: Headers): Promise<Person | null>;
  /** Makes a person with a session; answers the cookies to set. Never call it inside a transaction. */
  signUp(a: { name: string; email: string; password: string }): Promise<{ userId: string; cookies: string[] }>;
  isKnownEmail(email: string): Promise<boolean>;
};
export type Person = { id: string; name: string; email: string; signedInAt: Temporal.Instant };

const BASE_PATH = '/api/auth';
const IDLE_SECONDS = 7 * 24 * 60 * 60;
const RENEW_SECONDS = 60 * 60;
const ABSOLUTE_DAYS = 30;
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/** The sign-in of this server under its public address, which must be known (the port is listened on). */
export function createSignIn(app: App, a: { plainDb: Kysely<unknown>; publicUrl: string }): SignIn {
  // Loaded when the first person comes: it takes longer to load than everything else of the server together.
  let loading: ReturnType<typeof load> | null = null;
  const auth = () => {
    loading ??= load(authOptions(app, a));
    return loading;
  };
  return {
    handle: async (request) => (await auth()).handler(request),
    personOf: async (headers) => {
      const session = await (await auth()).api.getSession({ headers });
      if (!session || isTooOld(app, session.session.createdAt)) return null;
      const { id, name, email } = session.user;
      return { id, name, email, signedInAt: Temporal.Instant.fromEpochMilliseconds(session.session.createdAt.getTime()) };
    },
    signUp: async (body) => {
      const { headers, response } = await (await auth()).api.signUpEmail({ body, returnHeaders: true });
      return { userId: response.user.id, cookies: headers.getSetCookie() };
    },
    isKnownEmail: async (email) => {
      const row = await app.db.selectFrom('users').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
      return row !== undefined;
    },
  };
}

function isTooOld(app: App, signedInAt: Date): boolean {
  return app.machineClock.now().since(Temporal.Instant.fromEpochMilliseconds(signedInAt.getTime())).total('hours') > ABSOLUTE_DAYS * 24;
}

async function load(options: ReturnType<typeof authOptions>) {
  const { betterAuth } = await import('better-auth');
  return betterAuth(options);
}

/** Also read by the test that compares the library's idea of its tables with our migration. */
export function authOptions(app: App, a: { plainDb: Kysely<unknown>; publicUrl: string }) {
  const isSecure = a.publicUrl.startsWith('https:');
  const changed = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return {
    database: { db: a.plainDb as Kysely<Record<string, never>>, type: 'postgres' as const, transaction: false },
    baseURL: a.publicUrl,
    basePath: BASE_PATH,
    secret: Buffer.from(app.secrets.digest('sign_in', 'session')).toString('base64url'),
    trustedOrigins: originsOf(a.publicUrl),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, minPasswordLength: PASSWORD_MIN, maxPasswordLength: PASSWORD_MAX },
    user: { modelName: 'users', fields: { emailVerified: 'email_verified', ...changed } },
    session: {
      modelName: 'sessions',
      fields: { expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'user_id', ...changed },
      expiresIn: IDLE_SECONDS,
      updateAge: RENEW_SECONDS,
    },
    account: {
      modelName: 'credentials',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...changed,
      },
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...changed } },
    advanced: {
      useSecureCookies: false,
      cookies: { session_token: { name: isSecure ? '__Host-billow' : 'billow' } },
      defaultCookieAttributes: { httpOnly: true, secure: isSecure, sameSite: 'lax' as const, path: '/' },
    },
  };
}
