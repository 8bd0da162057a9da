/** Named limits that several rooms share. A limit that only one file needs stands at the top of that file. */

export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;
/** Body of an API request. */
export const BODY_MAX_BYTES = 1024 * 1024;
export const BODY_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 60_000;

/** Metadata as Stripe allows it: 50 keys, names of 40 and values of 500 characters. */
export const METADATA_KEYS_MAX = 50;
export const METADATA_KEY_MAX = 40;
export const METADATA_VALUE_MAX = 500;

/** Rows one reader takes at once. */
export const QUEUE_BATCH = 50;
/** A reader looks this often even when nobody wakes it. */
export const QUEUE_LOOK_MS = 1_000;

/** Lease and fence (reliability.md 8). */
export const LEASE_SECONDS = 60;
export const HEARTBEAT_SECONDS = 15;

/** Retries of work that lives in a row: 5 s, 15 s, 45 s … at most 6 h, twelve tries (about 24 h). */
export const RETRY_BASE_SECONDS = 5;
export const RETRY_FACTOR = 3;
export const RETRY_CAP_SECONDS = 6 * 60 * 60;
export const RETRY_ATTEMPTS_MAX = 12;

/** An instant of simulated time is held by machine-time work for at most this long (architecture.md, Advancing simulated time). */
export const INSTANT_HOLD_MS = 60_000;
/** Rounds of one instant; more means that two subscribers wake each other without end. */
export const ROUNDS_MAX = 10_000;

/** From the first signal to the last closed handle. */
export const SHUTDOWN_MS = 25_000;
export const IDEMPOTENCY_KEEP_HOURS = 24;
