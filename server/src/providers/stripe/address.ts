import type { App } from '../../kit/context.ts';
import { refuse } from '../../kit/errors.ts';
import type { ApiAddress } from './client.ts';
import type { Connection } from './connection/connection.ts';
import { SandboxHost } from './sandbox-host.ts';

/** Where the connection's Stripe is. The only place that knows that there are two. */
export function addressOf(app: App, a: Pick<Connection, 'provider' | 'apiBase'>): ApiAddress {
  if (a.apiBase !== null) return { base: a.apiBase, fetch: null };
  if (a.provider === 'stripe') return { base: null, fetch: null };
  const host = app.ports.find(SandboxHost);
  if (host === null) {
    refuse({
      status: 409,
      code: 'sandbox_not_running',
      message: 'No Stripe Sandbox runs beside this server.',
      fix: 'Start the server with its Sandbox, or give the address of another one as api_base.',
    });
  }
  return { base: host.url, fetch: host.fetch };
}

/** The address under which people and Stripe reach this server. */
export function publicUrlOf(app: App): string {
  return app.config.publicUrl ?? `http://${app.config.host}:${app.config.port}`;
}

/** True where Stripe (or the Sandbox) can post to this address: the Sandbox reaches loopback, Stripe needs public https. */
export function isReachable(url: string, provider: Connection['provider']): boolean {
  const { protocol, hostname } = new URL(url);
  if (provider === 'stripe_sandbox') return protocol === 'https:' || LOOPBACK.test(hostname);
  return protocol === 'https:' && !LOOPBACK.test(hostname) && !PRIVATE.test(hostname);
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|\.(local|internal|localhost|test)$/;
