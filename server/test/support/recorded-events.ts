import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// biome-ignore lint/suspicious/noExplicitAny: recordings are open JSON of many versions
export type Recorded = { file: string; event: Record<string, any> };

/** Where real Stripe material lies: beside the repository, or where BILLOW_SHARED says. */
export const RECORDED_FOLDER = join(process.env.BILLOW_SHARED ?? join(import.meta.dirname, '../../../../shared'), 'stripe/events');

/** True where the recordings are here. In CI their absence is a failure, elsewhere the tests that need them say that they are skipped. */
export function haveRecordings(): boolean {
  const here = existsSync(RECORDED_FOLDER);
  if (!here && process.env.CI === 'true') throw new Error(`The recorded events are missing: ${RECORDED_FOLDER}`);
  if (!here) process.stderr.write(`SKIPPED: no recorded Stripe events in ${RECORDED_FOLDER}\n`);
  return here;
}

/** Every recorded event; bare `event.data` recordings are wrapped as Stripe's own envelope would. */
export function recordedEvents(): Recorded[] {
  return readdirSync(RECORDED_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const json = JSON.parse(readFileSync(join(RECORDED_FOLDER, file), 'utf8'));
      const event =
        json.object === 'event'
          ? json
          : {
              object: 'event',
              api_version: '2025-04-30.basil',
              created: 0,
              data: json,
              livemode: false,
              pending_webhooks: 1,
              request: { id: null, idempotency_key: null },
              type: file.split('__')[0],
            };
      return { file, event };
    });
}
