import { chmodSync, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the folder. main.ts ends with code 2 and this one sentence. */
export class DataDirInUse extends Error {
  override name = 'DataDirInUse';
}

export type DataDir = {
  path: string;
  /** The folder of the embedded database. */
  database: string;
  /** The master key: from the configuration, else made once and kept in the folder. */
  masterKey(fromConfig: string | null, random: (bytes: number) => Uint8Array): Uint8Array;
  /** Writes a file only its owner may read. */
  writePrivate(name: string, text: string): void;
  release(): void;
};

const MASTER_KEY_FILE = 'master.key';
const MASTER_KEY_BYTES = 32;
const PRIVATE = 0o600;
const SQLITE_BUSY = 5;
/** NFS, SMB, CIFS, 9p: their locks cannot be relied on. */
const NETWORK_FILE_SYSTEMS = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

/**
 * Takes the folder for this process (reliability.md 7.3): an operating-system lock through SQLite, which dies with the process.
 * Throws DataDirInUse where somebody else has it.
 */
export function openDataDir(a: { path: string; embedded: boolean; startedAt: string; version: string }): DataDir {
  mkdirSync(a.path, { recursive: true });
  if (a.embedded && NETWORK_FILE_SYSTEMS.has(Number(statfsSync(a.path).type))) {
    throw new Error(
      `${a.path} is on a network file system, which the embedded database cannot use: choose a local folder or set DATABASE_URL.`,
    );
  }
  const lock = takeLock(a.path);
  writePrivate(
    join(a.path, 'lock.json'),
    `${JSON.stringify({ pid: process.pid, host: hostname(), started_at: a.startedAt, version: a.version })}\n`,
  );
  return {
    path: a.path,
    database: join(a.path, 'database'),
    masterKey: (fromConfig, random) => masterKey(a.path, fromConfig, random),
    writePrivate: (name, text) => writePrivate(join(a.path, name), text),
    release: () => lock.close(),
  };
}

function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, 'lock.db'));
  try {
    lock.exec('PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new DataDirInUse(`Another Billow (${holder(path)}) uses this data directory: ${path}`);
  }
}

function holder(path: string): string {
  try {
    const lock = JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8')) as { pid: number; started_at: string };
    return `pid ${lock.pid}, started ${lock.started_at}`;
  } catch {
    return 'pid unknown';
  }
}

function masterKey(path: string, fromConfig: string | null, random: (bytes: number) => Uint8Array): Uint8Array {
  const file = join(path, MASTER_KEY_FILE);
  if (fromConfig === null && !existsSync(file)) writePrivate(file, `${Buffer.from(random(MASTER_KEY_BYTES)).toString('base64')}\n`);
  const key = Buffer.from(fromConfig ?? readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== MASTER_KEY_BYTES) {
    throw new Error(`${fromConfig === null ? file : 'BILLOW_MASTER_KEY'} must be ${MASTER_KEY_BYTES} bytes in base64.`);
  }
  return key;
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: PRIVATE });
  // The mode above counts only for new files.
  chmodSync(file, PRIVATE);
}
