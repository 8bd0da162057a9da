import type { App } from './context.ts';
import { definePort } from './ports.ts';

/** Work that has used up its tries. A person sees it as an operator task. */
export type DeadLetter = {
  environmentId: string;
  kind: string;
  objectType: string;
  objectId: string;
  title: string;
  detail: Record<string, unknown>;
};

/** Bound by the accounts room: opens an operator task. */
export const DeadLetters = definePort<(app: App, letter: DeadLetter) => Promise<void>>('DeadLetters');

/** Reports work that will not be tried again. Logs it, and opens a task where somebody listens. */
export async function buryDeadLetter(app: App, letter: DeadLetter): Promise<void> {
  app.log.error('dead_letter', {
    environment_id: letter.environmentId,
    object_type: letter.objectType,
    object_id: letter.objectId,
    reason: letter.title,
  });
  await app.ports.find(DeadLetters)?.(app, letter);
}
