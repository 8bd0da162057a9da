import { present } from '../../src/kit/assert.ts';
import type { HttpAnswer, RunningServer } from './http.ts';

/** A signed-in person, as a browser has them: every call names the environment it speaks of. */
export type Person = {
  call(method: string, path: string, body?: unknown, a?: { environment?: string; headers?: Record<string, string> }): Promise<HttpAnswer>;
  /** A call that must succeed; answers its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  api(method: string, path: string, body?: unknown, a?: { environment?: string }): Promise<any>;
  /** A further environment of the organization; answers its id and first API key. */
  addEnvironment(a: { mode: 'sandbox' | 'test' | 'live'; name?: string; now?: string }): Promise<{ id: string; apiKey: string }>;
};

type Server = Pick<RunningServer, 'call' | 'url' | 'environmentId' | 'server'>;

/** Uses the first sign-in link up: the person owns the organization. */
export async function signInOwner(server: Server, a: { email?: string } = {}): Promise<Person> {
  const token = present(server.server.firstRun.sign_in_url, 'sign-in link').split('#')[1];
  const { email = 'owner@acme.example' } = a;
  const person = { token, name: 'Ada Owner', email, password: 'a long enough password' };
  return personOf(server, await server.call('POST', '/v1/sign_in_links/consume', person, { key: null }));
}

/** The person whom an answer signed in. */
export function personOf(server: Server, signedIn: HttpAnswer): Person {
  if (signedIn.status >= 300) throw new Error(`Nobody was signed in: ${signedIn.status} ${JSON.stringify(signedIn.body)}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const call: Person['call'] = (method, path, body, { environment = server.environmentId, headers = {} } = {}) =>
    server.call(method, path, body, { key: null, headers: { cookie, origin: server.url, 'billow-environment': environment, ...headers } });
  const api: Person['api'] = async (method, path, body, options) => {
    const answer = await call(method, path, body, options);
    if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    call,
    api,
    addEnvironment: async ({ mode, name = `The ${mode} one`, now }) => {
      const made = await api('POST', '/v1/environments', { name, mode, ...(now === undefined ? {} : { now }) });
      return { id: made.id, apiKey: made.api_key };
    },
  };
}
