import { useRead } from './environment.tsx';
import type { Trigger } from './types.ts';

const HOUR_MS = 3_600_000;

/** The triggers with their facts; they change only with the server's version. */
export function useTriggers() {
  return useRead<{ data: Trigger[] }>('/v1/emails/triggers', { every: HOUR_MS });
}

/** The words for a trigger before (or without) its description. */
export function triggerTitle(trigger: string, known?: Trigger[]): string {
  const found = known?.find((one) => one.trigger === trigger);
  if (found) return found.title;
  const words = trigger.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
