/** A render worker: no database, no secrets, no network; templates come in as text and mails go out as text. */
import { parentPort } from 'node:worker_threads';
import type { Done, RenderItem, Work } from './protocol.ts';
import { makeRenderer, type RenderAnswer } from './render.ts';

const render = makeRenderer([]);

parentPort?.on('message', async (work: Work) => {
  const done: Done =
    work.kind === 'render'
      ? { kind: 'render', answers: work.items.map((item) => renderOne(item)) }
      : { kind: 'compile', answer: await compileOne(work) };
  parentPort?.postMessage(done);
});

/** Liquid counts its limit by the wall: an honest template that lost its turn on a busy machine is tried again. */
const TRIES = 3;

/** A template that breaks while it renders refuses its own mail, not the batch. */
function renderOne(item: RenderItem, tries = TRIES): RenderAnswer {
  try {
    return render(item.version, item.input);
  } catch (error) {
    if (tries > 1 && error instanceof Error && error.message.startsWith('template render limit')) return renderOne(item, tries - 1);
    return {
      kind: 'refused',
      field: fieldOf(error),
      reason: error instanceof Error ? error.message.split('\n')[0]!.slice(0, 300) : 'render_failed',
    };
  }
}

function fieldOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return /undefined variable: ([\w.]+)/.exec(message)?.[1] ?? 'template';
}

async function compileOne(work: Extract<Work, { kind: 'compile' }>) {
  try {
    // Loaded only where templates are published: the compiler is far larger than the renderer.
    const { compileSource } = await import('../templates/compile-source.ts');
    return await compileSource(work.source, work.options);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
