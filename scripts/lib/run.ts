import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './root.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SIGNAL_EXIT_BASE = 128;

export type RunOptions = { cwd?: string; env?: Record<string, string>; quiet?: boolean };
export type RunResult = { code: number; output: string };

/**
 * Runs the pinned Node with these arguments and waits; signals go through. Exit codes follow the shell (128 + signal).
 * `quiet` collects both outputs instead of showing them.
 */
export function runNode(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run(process.execPath, args, options);
}

/** The same for any program. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve({ code: code ?? SIGNAL_EXIT_BASE + (signal ? constants.signals[signal] : 0), output });
    });
  });
}
