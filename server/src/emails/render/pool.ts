/**
 * The render pool (K13): a few worker threads, each with a small heap and a deadline. A worker that misses it is killed and
 * replaced; its batch is rendered again one by one, so only the template at fault loses its mail.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { MachineClock } from '../../kit/machine-clock.ts';
import { definePort } from '../../kit/ports.ts';
import type { LintOptions } from '../templates/lint.ts';
import type { CompileAnswer, Done, RenderItem, Work } from './protocol.ts';
import type { RenderAnswer } from './render.ts';

const MAX_WORKERS = 4;
const HEAP_MB = 64;
/** The compiler (MJML and its parsers) needs more than a renderer. */
const COMPILE_HEAP_MB = 256;
const RENDER_DEADLINE_MS = 500;
/** A batch may take this much longer per mail before it is taken apart. */
const BATCH_EXTRA_MS = 20;
/** How often a starved worker gets its deadline again. */
const EXTENSIONS = 20;
/** Mails of one task: small enough that all workers share a batch. */
const CHUNK = 25;
/** Compiled sources remembered: the shipped templates, for the next environment. */
const COMPILED_KEPT = 200;
/** Starting a thread and loading Liquid counts against nobody's deadline. */
const START_MS = 5_000;
const COMPILE_DEADLINE_MS = 5_000;

export type RenderPool = {
  /** Renders each item; a template that hangs or breaks answers `refused`. Never throws for a template's fault. */
  render(items: RenderItem[]): Promise<RenderAnswer[]>;
  compile(source: string, options: LintOptions): Promise<CompileAnswer>;
  close(): Promise<void>;
};

export const RenderPoolPort = definePort<RenderPool>('render_pool');

type Task = { work: Work; deadlineMs: number; resolve: (done: Done | null) => void };
type Slot = { worker: Worker | null; busy: boolean };

/** A pool of min(4, cores) renderers and one compiler, started when first needed. */
export function createRenderPool(a: { machineClock: MachineClock; workers?: number }): RenderPool {
  const renderers = lane({
    machineClock: a.machineClock,
    size: a.workers ?? Math.min(MAX_WORKERS, availableParallelism()),
    heapMb: HEAP_MB,
  });
  const compilers = lane({ machineClock: a.machineClock, size: 1, heapMb: COMPILE_HEAP_MB });
  const compiled = new Map<string, Promise<CompileAnswer>>();
  const renderAll = async (items: RenderItem[]): Promise<RenderAnswer[]> => {
    const done = await renderers.run({ kind: 'render', items }, RENDER_DEADLINE_MS + items.length * BATCH_EXTRA_MS);
    if (done?.kind === 'render') return done.answers;
    if (items.length === 1) return [{ kind: 'refused', field: 'template', reason: 'render_limit' }];
    return (await Promise.all(items.map((item) => renderAll([item])))).flat();
  };
  return {
    render: async (items) => {
      const chunks = Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));
      return (await Promise.all(chunks.map(renderAll))).flat();
    },
    compile: (source, options) => {
      const key = JSON.stringify([source, options]);
      const known = compiled.get(key);
      if (known) return known;
      if (compiled.size >= COMPILED_KEPT) compiled.clear();
      const answer = compilers.run({ kind: 'compile', source, options }, COMPILE_DEADLINE_MS).then((done): CompileAnswer => {
        if (done?.kind === 'compile') return done.answer;
        compiled.delete(key);
        return { error: 'The template takes too long to compile' };
      });
      compiled.set(key, answer);
      return answer;
    },
    close: async () => {
      await Promise.all([renderers.close(), compilers.close()]);
    },
  };
}

function lane(a: { machineClock: MachineClock; size: number; heapMb: number }) {
  const slots: Slot[] = Array.from({ length: a.size }, () => ({ worker: null, busy: false }));
  const waiting: Task[] = [];
  let closed = false;
  const next = () => {
    for (const slot of slots) {
      if (slot.busy) continue;
      const task = waiting.shift();
      if (!task) return;
      slot.busy = true;
      perform(slot, task, a).then(
        (done) => {
          slot.busy = false;
          task.resolve(done);
          next();
        },
        () => {},
      );
    }
  };
  return {
    run: (work: Work, deadlineMs: number): Promise<Done | null> => {
      if (closed) return Promise.reject(new Error('The render pool is closed'));
      return new Promise((resolve) => {
        waiting.push({ work, deadlineMs, resolve });
        next();
      });
    },
    close: async () => {
      closed = true;
      for (const task of waiting.splice(0)) task.resolve(null);
      await Promise.all(slots.map((slot) => slot.worker?.terminate()));
    },
  };
}

/** One task on one worker; null when the worker died or was killed at the deadline, and its slot is empty again. */
function perform(slot: Slot, task: Task, a: { machineClock: MachineClock; heapMb: number }): Promise<Done | null> {
  const fresh = slot.worker === null;
  const worker = slot.worker ?? startWorker(a.heapMb);
  slot.worker = worker;
  return new Promise((resolve) => {
    const finish = (done: Done | null) => {
      callOff();
      worker.off('message', finish);
      worker.off('error', fail);
      worker.off('exit', fail);
      resolve(done);
    };
    const fail = () => {
      slot.worker = null;
      finish(null);
      worker.terminate().catch(() => {});
    };
    worker.on('message', finish);
    worker.on('error', fail);
    worker.on('exit', fail);
    worker.postMessage(task.work);
    const callOff = watch({ worker, machineClock: a.machineClock, deadlineMs: task.deadlineMs + (fresh ? START_MS : 0), fail });
  });
}

/**
 * Calls `fail` when the worker has had its deadline of processor time. On a busy machine a worker may wait long for its turn;
 * that is not the template's fault, so time it did not get is given back, up to a limit.
 */
function watch(a: { worker: Worker; machineClock: MachineClock; deadlineMs: number; fail: () => void }): () => void {
  const startedAt = usedMs(a.worker);
  let extensions = 0;
  let isOver = false;
  const look = async () => {
    const [before, now] = [await startedAt, await usedMs(a.worker)];
    if (isOver) return;
    const starved = before !== null && now !== null && now - before < a.deadlineMs / 2;
    if (!starved || ++extensions > EXTENSIONS) return a.fail();
    callOff = a.machineClock.after(a.deadlineMs, look);
  };
  let callOff = a.machineClock.after(a.deadlineMs, look);
  return () => {
    isOver = true;
    callOff();
  };
}

/** Processor time of a worker; null where it cannot be told any more. */
async function usedMs(worker: Worker): Promise<number | null> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  } catch {
    return null;
  }
}

function startWorker(heapMb: number): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: heapMb }, env: {} });
  // An idle worker must not keep the process alive; an error outside a task is seen by the next task as an exit.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}
