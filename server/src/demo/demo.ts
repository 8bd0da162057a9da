import { rmSync } from 'node:fs';
import type { Config } from '../config.ts';
import { openDataDir } from '../kit/data-dir.ts';
import { hostClock } from '../kit/machine-clock.ts';
import { isoSeconds } from '../kit/time.ts';
import { sdkFor } from '../providers/stripe/index.ts';
import { type Server, startServer } from '../start-server.ts';
import { apiOf } from './api.ts';
import { seed } from './seed.ts';
import { type Summary, summarize } from './summary.ts';

const VERSION = 'demo';

export type Demo = { server: Server; summary: Summary; seconds: number; close(): Promise<void> };

/**
 * Starts a server on an empty data folder and plays the story in its first sandbox environment. Deletes what an earlier demo left in
 * the folder; throws DataDirInUse where one is still running there.
 */
export async function runDemo(config: Config): Promise<Demo> {
  const clock = hostClock();
  const began = clock.monotonicMs();
  const open = () => openDataDir({ path: config.dataDir, embedded: true, startedAt: isoSeconds(clock.now()), version: VERSION });
  // Taking the lock first proves that nobody works in the folder that is about to be emptied.
  open().release();
  rmSync(config.dataDir, { recursive: true });
  const dataDir = open();
  const server = await startServer({ config, dataDir });
  const close = async () => {
    await server.close();
    dataDir.release();
  };
  try {
    const summary = await play(server);
    return { server, summary, seconds: Math.round((clock.monotonicMs() - began) / 1000), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function play({ url, firstRun }: Server): Promise<Summary> {
  const { api_key: apiKey, stripe_sandbox: sandbox, environment_id: environmentId } = firstRun;
  if (apiKey === null || !sandbox?.secret_key) throw new Error('the first start left no key to work with');
  const api = apiOf({ url, apiKey });
  const stripe = sdkFor({ url: sandbox.url, secretKey: sandbox.secret_key });
  return summarize(api, await seed({ api, stripe, environmentId }));
}
