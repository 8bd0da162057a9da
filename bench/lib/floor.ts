import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended } from '../../scripts/lib/server-process.ts';

export type Floor = { url: string; pid: number; readyMs: number; folder: string; stop(a?: { keepData?: boolean }): Promise<void> };

/** Starts a floor (a file of bench/floors) as its own process and waits for the port it prints. */
export async function startFloor(a: {
  name: string;
  databaseUrl: string | null;
  folder?: string;
  env?: Record<string, string>;
}): Promise<Floor> {
  const folder = a.folder ?? mkdtempSync(join(tmpdir(), 'billow-floor-'));
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, `../floors/${a.name}.ts`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...a.env, FLOOR_DIR: folder, DATABASE_URL: a.databaseUrl ?? '' },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString().trim())));
    child.once('exit', () => reject(new Error(`The floor ${a.name} did not start`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    readyMs: performance.now() - started,
    folder,
    stop: async (options = {}) => {
      await ended(child);
      if (!options.keepData) rmSync(folder, { recursive: true, force: true });
    },
  };
}
