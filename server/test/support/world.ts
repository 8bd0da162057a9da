import type { Sandbox } from 'stripe-sandbox';
import { present } from '../../src/kit/assert.ts';
import { type Sdk, sdkFor } from '../../src/providers/stripe/index.ts';
import { type HttpAnswer, type HttpInput, type RunningServer, startHttp } from './http.ts';

/** The whole server beside the Stripe Sandbox, as a fresh installation has it: for stories told through HTTP and the official SDK. */
export type World = RunningServer & {
  readonly connectionId: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly sandbox: Sandbox;
  /** The official SDK on the first environment's account. */
  readonly stripe: Sdk;
  /** A call that must succeed; answers its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  api(method: string, path: string, body?: unknown): Promise<any>;
  /** Moves the first environment's clock through the API; answers the clock. */
  advance(to: string): Promise<HttpAnswer['body']>;
  /** Captured mails of the first environment, oldest first. */
  mailbox(query?: string): Promise<{ trigger: string | null; to: string[]; subject: string; id: string }[]>;
};

/** Starts it; throws where the first environment could not be connected to the Sandbox. */
export async function startWorld(a: HttpInput = {}): Promise<World> {
  const running = await startHttp(a);
  const api: World['api'] = async (method, path, body) => {
    const answer = await running.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const first = () => running.server.firstRun;
  const world: World = Object.defineProperties({} as World, {
    ...Object.getOwnPropertyDescriptors(running),
    connectionId: { get: () => present(first().connection_id, 'first connection') },
    webhookUrl: { get: () => present(first().webhook_url, 'webhook address') },
    webhookSecret: { get: () => present(first().webhook_secret, 'webhook secret') },
    sandbox: { get: () => present(running.server.sandbox, 'Stripe Sandbox') },
    stripe: {
      get: () => {
        const { url, secret_key } = present(first().stripe_sandbox, 'Stripe Sandbox');
        return sdkFor({ url, secretKey: present(secret_key, 'secret key') });
      },
    },
    api: { value: api },
    advance: { value: (to: string) => api('POST', `/v1/environments/${running.environmentId}/clock/advance`, { to }) },
    mailbox: { value: async (query = 'limit=100') => (await api('GET', `/v1/mailbox/messages?${query}`)).data.toReversed() },
  });
  if (first().connection_id === null) {
    await running.close();
    throw new Error('The first environment is not connected to the Stripe Sandbox: start with verbose to see why');
  }
  return world;
}
