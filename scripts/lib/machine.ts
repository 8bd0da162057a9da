import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const MIN_POSTGRES_MAJOR = 15;
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const CHROMIUM_PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Debian and Ubuntu, Red Hat, Homebrew (both prefixes): one folder per major version below each. */
const POSTGRES_PLACES = ['/usr/lib/postgresql', '/usr', '/opt/homebrew/opt', '/usr/local/opt'];

/** Path of a Chromium or Chrome executable: `BILLOW_CHROMIUM` first, then the PATH, then usual places; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.BILLOW_CHROMIUM;
  if (named) return isExecutable(named) ? named : null;
  return CHROMIUM_NAMES.map(onPath).find(Boolean) ?? CHROMIUM_PLACES.find(isExecutable) ?? null;
}

/** Folder with `initdb` and `postgres` of version 15 or later (newest first; `BILLOW_POSTGRES_BIN` overrides); null when there is none. */
export function findPostgres(): string | null {
  const named = process.env.BILLOW_POSTGRES_BIN;
  const onPathFolder = onPath('initdb')?.replace(/\/initdb$/, '');
  const folders = named ? [named] : [...POSTGRES_PLACES.flatMap(versionFolders), ...(onPathFolder ? [onPathFolder] : [])];
  return folders.find((folder) => (postgresMajor(folder) ?? 0) >= MIN_POSTGRES_MAJOR) ?? null;
}

/** A Python that can import Stripe's client (`BILLOW_PYTHON` first, then Debian's, then the PATH's); null when there is none. */
export function findPythonStripe(): string | null {
  const named = process.env.BILLOW_PYTHON;
  const candidates = named ? [named] : ['/usr/bin/python3', onPath('python3')];
  const works = (path: string | null) =>
    path !== null && isExecutable(path) && spawnSync(path, ['-I', '-c', 'import stripe'], { stdio: 'ignore' }).status === 0;
  return candidates.find(works) ?? null;
}

/** True when this process may install Debian packages: root, and apt is there. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && onPath('apt-get') !== null && process.env.BILLOW_NO_INSTALL === undefined;
}

/** Installs Debian packages; false when apt refuses or has no network. Output goes to our stderr, stdin is closed. */
export function installPackages(names: string[]): boolean {
  const apt = (args: string[]) =>
    spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  return apt(['update']) && apt(['install', '-y', '--no-install-recommends', ...names]);
}

function versionFolders(place: string): string[] {
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => /^(postgresql@|pgsql-)?\d+$/.test(name))
    .sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
    .map((name) => join(place, name, 'bin'));
}

function postgresMajor(folder: string): number | null {
  if (!isExecutable(join(folder, 'initdb')) || !isExecutable(join(folder, 'postgres'))) return null;
  const answer = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/(\d+)/.exec(answer.stdout ?? '')?.[1] ?? 0);
}

function onPath(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
