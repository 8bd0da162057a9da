import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { at, root } from './root.ts';
import { runNode } from './run.ts';

/** What the built pages depend on; everything below these paths, in any depth. */
const SOURCES = ['dashboard', 'sdk/src', 'package-lock.json'];
const NOT_SOURCES = new Set(['dist', 'node_modules', 'coverage']);
const DIST = 'dashboard/dist';
const STAMP = '.sources';

/**
 * Builds `dashboard/dist` when it is missing or was built from other sources (by content, not by time: a fresh clone has
 * fresh times). Built beside and then swapped in, so that a running server never serves half a build.
 */
export async function buildDashboard(): Promise<void> {
  if (!existsSync(at('dashboard/index.html'))) return;
  const wanted = hashOfSources(SOURCES.map((path) => at(path)));
  if (builtFrom() === wanted) return;
  const started = performance.now();
  console.error('Building the dashboard …');
  const work = at('.cache', `dashboard-${process.pid}`);
  try {
    await viteBuild(work);
    writeFileSync(join(work, STAMP), wanted);
    swapIn(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.error(`Dashboard built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function builtFrom(): string | null {
  const stamp = at(DIST, STAMP);
  return existsSync(stamp) && existsSync(at(DIST, 'index.html')) ? readFileSync(stamp, 'utf8') : null;
}

/** One hash over names and contents of all files below these paths, in a fixed order. */
export function hashOfSources(paths: string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow).sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSyncOrFile(path);
  if (!entries) return [path];
  return entries.filter((name) => !NOT_SOURCES.has(name)).flatMap((name) => filesBelow(join(path, name)));
}

function readdirSyncOrFile(path: string): string[] | null {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

async function viteBuild(outDir: string): Promise<void> {
  const args = [at('node_modules/vite/bin/vite.js'), 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const { code, output } = await runNode(args, { cwd: at('dashboard'), env: { NODE_ENV: 'production' }, quiet: true });
  if (code !== 0) throw new Error(`The dashboard does not build (vite build, exit code ${code}):\n${output}`);
}

/** Two builds at once have the same result: the later one replaces the earlier. */
function swapIn(work: string): void {
  const old = at('.cache', `dashboard-old-${process.pid}`);
  mkdirSync(at('.cache'), { recursive: true });
  if (existsSync(at(DIST))) renameSync(at(DIST), old);
  rmSync(at(DIST), { recursive: true, force: true });
  renameSync(work, at(DIST));
  rmSync(old, { recursive: true, force: true });
}
