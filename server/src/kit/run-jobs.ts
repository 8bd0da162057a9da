import { type App, contextFor } from './context.ts';
import { buryDeadLetter } from './dead-letters.ts';
import { messageOf } from './errors.ts';
import { done, type FetchedJob, JOBS_QUEUE, type JobDefinition } from './jobs.ts';
import { QUEUE_BATCH } from './limits.ts';
import type { Blocked, WorkQueue } from './queues.ts';

const ORDER_OF_ADVANCE = 60;
const TIME_LIMIT_MS = 10 * 60_000;

/** All jobs as one queue of the advance. A fetch cannot choose an environment, so a drain may do others' work too. */
export function jobsQueue(): WorkQueue {
  return {
    name: JOBS_QUEUE,
    order: ORDER_OF_ADVANCE,
    room: 'kit',
    drain: async (app) => {
      let finished = 0;
      for (const job of app.jobs.all()) {
        const fetched = await app.jobs.store().fetch(job.name, QUEUE_BATCH);
        for (const one of fetched) await runOne({ app, job, fetched: one });
        finished += fetched.length;
      }
      return finished;
    },
    blocked: (app, { environmentId }) => waitingJob(app, environmentId),
  };
}

async function waitingJob(app: App, environmentId: string): Promise<Blocked | null> {
  if (app.jobs.all().length === 0) return null;
  const waiting = await app.jobs.store().unfinished(environmentId);
  if (!waiting) return null;
  return { queue: JOBS_QUEUE, id: waiting.id, reason: `The job ${waiting.name} is not finished`, nextAttemptAt: waiting.startAfter };
}

async function runOne(a: { app: App; job: JobDefinition; fetched: FetchedJob }): Promise<void> {
  const { app, job, fetched } = a;
  const store = app.jobs.store();
  try {
    const ctx = await contextFor(app, { environmentId: fetched.environmentId, actor: 'scheduler' });
    const run = { attempt: fetched.attempt, signal: AbortSignal.timeout(TIME_LIMIT_MS) };
    const ending = (await job.run(ctx, job.input.parse(fetched.input), run)) ?? done;
    if (ending.kind === 'cancel') ctx.log.info('job_canceled', { job: job.name, object_id: fetched.id, reason: ending.reason });
    await store.settle(fetched, ending);
  } catch (error) {
    app.log.error('job_failed', {
      environment_id: fetched.environmentId,
      job: job.name,
      object_id: fetched.id,
      attempts: fetched.attempt,
      error,
    });
    const isDead = await store.fail(fetched, messageOf(error));
    if (isDead) await bury(a, error);
  }
}

async function bury(a: { app: App; job: JobDefinition; fetched: FetchedJob }, error: unknown): Promise<void> {
  await buryDeadLetter(a.app, {
    environmentId: a.fetched.environmentId,
    kind: 'job_dead',
    objectType: 'job',
    objectId: a.fetched.id,
    title: `The job ${a.job.name} failed ${a.fetched.attempt} times and was given up`,
    detail: { error: messageOf(error) },
  });
}
