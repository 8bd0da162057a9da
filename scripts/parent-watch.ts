import { isStartedByNpm, watchParent } from './parent.mjs';

/**
 * Ends this process when the one that started it is gone: npm does not pass SIGTERM on, so killing `npm start` would leave
 * the server running as an orphan that still holds the data directory. Import it for its effect.
 */
const TERMINATED = 143;

/** Started by npm, or by setup.mjs on another Node: those are the parents whose end we would not hear of. */
if (isStartedByNpm() || process.env.BILLOW_SETUP_PID === String(process.ppid)) {
  watchParent(() => {
    const heard = process.emit('SIGTERM', 'SIGTERM');
    if (!heard) process.exit(TERMINATED);
  });
}
