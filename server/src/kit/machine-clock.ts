/**
 * The host's time: leases, signature tolerance, sessions, key expiry, rate limits, retries. Business time is `ctx.clock`.
 * A function takes exactly one of the two (reliability.md 2).
 */
export type MachineClock = {
  /** Milliseconds precise. */
  now(): Temporal.Instant;
  /** Milliseconds that never go back; only differences mean something. */
  monotonicMs(): number;
  /** Resolves after `ms`; ends early, without an error, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after `ms`; answers a function that calls it off. */
  after(ms: number, run: () => void): () => void;
};

/** The real one. */
export function hostClock(): MachineClock {
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
    monotonicMs: () => performance.now(),
    sleep,
    after,
  };
}

/** A clock that shows the host's time moved by an offset, for tests that set machine and business time apart. */
export function shiftedClock(offset: () => Temporal.Duration): MachineClock {
  return { ...hostClock(), now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()).add(offset()) };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Resolves when what has arrived at the process by now has been read. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
