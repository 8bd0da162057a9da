// A lock between starts that may install at the same time: a directory with one file named after its holder.
// Taking it is one rename of a prepared directory, taking it over from a dead holder is one rename of that file: of several
// that try, one wins. A holder is a process id plus the moment that process began, because ids are used again.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 250;
const HEARTBEAT_MS = 1000;
/** A holder that we cannot see may live in another container over the same folder: its heartbeat decides. */
const SILENT_AFTER_MS = 5000;
const HOLDER = /^holder-(\d+)-(\d+)$/;
const CHILD = /^child-(\d+)-(\d+)$/;

/** Waits until the lock is ours. `child(pid)` names the process that does the work, so that a successor waits for it too. */
export async function acquire(folder, say) {
  const mine = `holder-${identity(process.pid)}`;
  let told;
  while (!(take(folder, mine) || takeOver(folder, mine))) {
    const holder = holderOf(folder);
    if (holder && holder !== told) say(`Waiting for another start (process ${HOLDER.exec(holder)?.[1]}) to finish installing …`);
    told = holder ?? told;
    await wait(LOOK_MS);
  }
  const heartbeat = setInterval(() => touch(path.join(folder, mine)), HEARTBEAT_MS);
  heartbeat.unref();
  await waitForOrphan(folder, say);
  return {
    child: (pid) => fs.writeFileSync(path.join(folder, `child-${identity(pid)}`), ''),
    release: () => {
      clearInterval(heartbeat);
      release(folder, mine);
    },
  };
}

/** Whose a folder is. */
export function ownerOf(folder) {
  return nameOfUser(fs.statSync(folder).uid);
}

/** A user's name where one can be found: containers often run as a number without a name. */
export function nameOfUser(uid) {
  try {
    const entries = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
    return entries.find((entry) => entry.split(':')[2] === String(uid))?.split(':')[0] ?? `user ${uid}`;
  } catch {
    return uid === undefined ? 'this user' : `user ${uid}`;
  }
}

function take(folder, mine) {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const prepared = `${folder}.${process.pid}`;
  fs.rmSync(prepared, { recursive: true, force: true });
  fs.mkdirSync(prepared);
  fs.writeFileSync(path.join(prepared, mine), '');
  try {
    // Fails when the folder exists and is not empty.
    fs.renameSync(prepared, folder);
    return true;
  } catch {
    fs.rmSync(prepared, { recursive: true, force: true });
    return false;
  }
}

function takeOver(folder, mine) {
  const holder = holderOf(folder);
  if (!holder) return clearEmpty(folder);
  const age = Date.now() - (modified(path.join(folder, holder)) ?? Date.now());
  if (isAlive(holder, HOLDER) || age < SILENT_AFTER_MS) return false;
  try {
    fs.renameSync(path.join(folder, holder), path.join(folder, mine));
    touch(path.join(folder, mine));
    return true;
  } catch {
    return false;
  }
}

/** An install whose start was killed goes on as an orphan; two installs in one folder would damage each other. */
async function waitForOrphan(folder, say) {
  for (const name of fs.readdirSync(folder).filter((entry) => CHILD.test(entry))) {
    if (isAlive(name, CHILD)) say(`Waiting for an interrupted install (process ${CHILD.exec(name)?.[1]}) to end …`);
    while (isAlive(name, CHILD)) await wait(LOOK_MS);
    fs.rmSync(path.join(folder, name), { force: true });
  }
}

/** Our name goes last, so that the folder is never empty while anything of ours is in it. */
function release(folder, mine) {
  const names = fs.existsSync(path.join(folder, mine)) ? fs.readdirSync(folder) : [];
  for (const name of [...names.filter((entry) => entry !== mine), mine]) fs.rmSync(path.join(folder, name), { force: true });
  clearEmpty(folder);
}

function holderOf(folder) {
  try {
    return fs.readdirSync(folder).find((name) => HOLDER.test(name));
  } catch {
    return undefined;
  }
}

/** Half a release leaves the folder without a holder; Windows does not rename over an empty folder, so it goes. */
function clearEmpty(folder) {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Taken by another start in between, or not there: the next round sees.
  }
  return false;
}

function isAlive(name, pattern) {
  const [, pid, began] = pattern.exec(name) ?? [];
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return identity(Number(pid)) === `${pid}-${began}`;
}

/** "<pid>-<start>"; start is in clock ticks since boot on Linux and 0 where it cannot be read. */
function identity(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? `${pid}-ended` : `${pid}-${fields[19]}`;
  } catch {
    return `${pid}-0`;
  }
}

function modified(file) {
  try {
    return fs.statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

function touch(file) {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch {
    // Released in between.
  }
}
