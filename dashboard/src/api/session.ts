import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiFor } from './client.ts';
import type { Me } from './types.ts';

const api = apiFor(null);

/** Who is signed in, with the environments they may see; 401 when nobody is. */
export const meQuery = { queryKey: ['me'], queryFn: ({ signal }: { signal: AbortSignal }) => api.request<Me>('GET', '/v1/me', { signal }) };

export function useMe() {
  return useQuery({ ...meQuery, refetchInterval: 60_000 });
}

/** Signs in by e-mail and password; the answer sets the session cookie. */
export async function signIn(a: { email: string; password: string }): Promise<void> {
  await api.request('POST', '/api/auth/sign-in/email', { body: a });
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api.request('POST', '/api/auth/sign-out', { body: {} });
    forget(queries);
    window.location.assign('/sign-in');
  };
}

export type SignInLink = { role: string; organization: { name: string }; expires_at: string };

/** Looks at a one-time link without using it up. */
export function inspectLink(token: string): Promise<SignInLink> {
  return api.request('POST', '/v1/sign_in_links/inspect', { body: { token } });
}

/** Uses a one-time link: makes the person and signs them in. */
export function consumeLink(a: { token: string; name: string; email: string; password: string }): Promise<unknown> {
  return api.request('POST', '/v1/sign_in_links/consume', { body: a });
}

/** Nothing of one person's session is shown to the next. */
export function forget(queries: QueryClient): void {
  queries.clear();
}
