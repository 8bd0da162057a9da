// Notices the end of whoever started this process. npm does not pass SIGTERM on and starts scripts through a shell, which on some
// systems stays in between and outlives npm: there the shell's own parent is the one to look at.
import fs from 'node:fs';

const LOOK_MS = 1000;
const SHELLS = ['sh', 'dash', 'bash', 'ash', 'busybox'];

/** Calls `end` once the parent, or the one behind a shell, is another process than now; the timer keeps nothing alive. */
export function watchParent(end) {
  const before = lineage();
  const timer = setInterval(() => {
    if (lineage() === before) return;
    clearInterval(timer);
    end();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** True when npm started us: the parent is npm, or the shell it started. */
export function isStartedByNpm() {
  return process.env.npm_lifecycle_event !== undefined;
}

function lineage() {
  const parent = process.ppid;
  const fields = stat(parent);
  return fields && isStartedByNpm() && SHELLS.includes(fields.name) ? `${parent} ${fields.parent}` : String(parent);
}

/** Name and parent of a process, where the system tells (Linux); macOS's shell replaces itself and needs no second look. */
function stat(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, close), parent: text.slice(close + 2).split(' ')[1] };
  } catch {
    return undefined;
  }
}
