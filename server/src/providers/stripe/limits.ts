/** Every limit of the Stripe adapter by name (reliability.md 3.1, 9, 10). Spans in milliseconds unless the name says otherwise. */

/** API version of the pinned SDK, sent with every request and registered on the webhook endpoint. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

export const CALL_TIMEOUT_MS = 30_000;
/** Calls a second to real Stripe, and to a Sandbox in its strict profile; Stripe allows 100 and 25 (https://docs.stripe.com/rate-limits). */
export const CALLS_PER_SECOND = { live: 80, test: 20 } as const;
export const ENDPOINT_CALLS_PER_SECOND = 20;
export const SEARCH_CALLS_PER_SECOND = 15;
/** Reading a whole account leaves the rest of the budget to everything else. */
export const IMPORT_SHARE = 0.3;
/** Stripe's own limits per object (https://docs.stripe.com/rate-limits): so many in any span of so many seconds. */
export const OBJECT_LIMITS = {
  paymentIntentUpdates: { count: 1_000, seconds: 3_600 },
  invoicesPerMinute: { count: 10, seconds: 60 },
  invoicesPerDay: { count: 20, seconds: 86_400 },
  quantityUpdates: { count: 200, seconds: 3_600 },
} as const;
/** Longer than this nobody waits with a request in hand: the work is put off. */
export const RATE_WAIT_MAX_MS = 10_000;
/** After a 429 the rate is halved for this long. */
export const RATE_PENALTY_MS = 60_000;

export const WEBHOOK_BODY_BYTES = 1024 * 1024;
/** Packed deliveries that are unpacked at once: each may become 1 MiB before anybody knows whether it is genuine. */
export const UNPACKING_AT_ONCE = 4;
export const SIGNATURE_TOLERANCE_SECONDS = 300;
export const SIGNATURE_HEADER_CHARS = 4096;
export const SIGNATURES_PER_HEADER = 10;
export const JSON_DEPTH = 64;
export const SECRET_OVERLAP_HOURS = 24;

/** Rows written by one INSERT of the group commit. */
export const INSERT_BATCH_ROWS = 200;
/** How long a process may keep using what it knows of a connection's secrets. */
export const CONNECTION_CACHE_MS = 5_000;

export const POLL_EVERY_MS = { alone: 10_000, safetyNet: 300_000 } as const;
export const POLL_PAGE = 100;
export const POLL_OVERLAP_SECONDS = 600;
/** Stripe keeps events 30 days; after a longer silence the objects are read instead. */
export const POLL_HORIZON_DAYS = 25;
export const POLL_PAGES_MAX = 500;
export const POLL_FAILURES_BEFORE_DEGRADED = 3;

export const READER_BATCH_ROWS = 500;
export const READER_CONCURRENCY = 4;
/** How long an event from the future of a simulated environment waits for whoever advances time before we look after it ourselves. */
export const AHEAD_PATIENCE_MS = 1_000;

export const SCAN_PAGE = 100;
/** How often the rights of a credential are looked at again. */
export const PROBE_EVERY_MS = { active: 24 * 3600_000, degraded: 10 * 60_000 } as const;

/** A mirrored object is read again before a mail when older than this. */
export const MIRROR_FRESH_MS = 15 * 60_000;

export const OAUTH_STATE_MINUTES = 10;
export const OAUTH_CODE_CHARS = 512;

/** A moving clock is asked this often, at most, whether it has arrived, and given up after this long. */
export const CLOCK_READY_POLL_MS = 250;
export const CLOCK_READY_TIMEOUT_MS = 120_000;
