import type { App, Ctx } from '../kit/context.ts';
import { definePort } from '../kit/ports.ts';
import type { SignIn } from './sign-in.ts';

/**
 * The payment provider's clock of an environment; bound by providers/stripe. `now` answers null where the environment has no connection
 * or its account follows the machine's time: then the environment's clock moves alone.
 */
export type ProviderClock = {
  now(ctx: Ctx): Promise<Temporal.Instant | null>;
  /** The provider's next due instant at or before `until`, or null. */
  next(ctx: Ctx, until: Temporal.Instant): Promise<Temporal.Instant | null>;
  /** Fetches what has happened at the provider up to its own present. What it brings from our future waits there (`arrived`). */
  fetch(ctx: Ctx): Promise<void>;
  /** The first instant after our present, and not after `until`, of something that has come from the provider and waits for that instant. */
  arrived(ctx: Ctx, until: Temporal.Instant): Promise<Temporal.Instant | null>;
  /** Moves the provider's clock and resolves when it has arrived; it calls reachInstant on the way where it can. */
  advance(ctx: Ctx, a: { to: Temporal.Instant }): Promise<void>;
};
export const ProviderClock = definePort<ProviderClock>('ProviderClock');

/**
 * Called when an instant has come to rest: ends what only waited for company at it (email.md T2). Answers how much work that released;
 * above 0 the instant goes one more round.
 */
export type InstantEnd = (app: App, a: { environmentId: string; instant: Temporal.Instant }) => Promise<number>;
export const InstantEnd = definePort<InstantEnd>('InstantEnd');

/** Sign-in of people; bound by main.ts once the public address is known. */
export const SignInDesk = definePort<SignIn>('SignInDesk');

/** Whether the readers are held (installation.ts); bound by main.ts. */
export type Held = {
  reason(): string | null;
  /** What no confirmation helps against: the server itself has to be put right. */
  problem(): string | null;
  release(): void;
};
export const Held = definePort<Held>('Held');
