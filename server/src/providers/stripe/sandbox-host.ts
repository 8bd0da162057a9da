import { definePort } from '../../kit/ports.ts';
import type { Fetch } from './client.ts';

/** The Stripe Sandbox that runs beside this server; main.ts binds it where one is started. */
export type SandboxHost = {
  /** Where browsers and SDKs reach it: `http://127.0.0.1:12111`. */
  url: string;
  /** The same, called in process. */
  fetch: Fetch;
  /** It plays Stripe's rate limits (profile `strict`). */
  isStrict?: boolean;
  /** A new account; with `now` its clock is virtual and stands there. With `clientId` it may ask other accounts for consent (OAuth). */
  createAccount(a: {
    name: string;
    now: Temporal.Instant | null;
    clientId?: string;
    redirectUris?: string[];
  }): Promise<{ accountId: string; secretKey: string }>;
  /** Gives an account that lives in real time a clock of its own, standing at `now` or at its own present, whichever is later. */
  simulate(accountId: string, now: Temporal.Instant): Promise<void>;
};

export const SandboxHost = definePort<SandboxHost>('stripe_sandbox_host');
