import { z } from 'zod';
import type { Mode } from '../kit/context.ts';
import { instantSchema } from '../kit/http.ts';
import { isoSeconds } from '../kit/time.ts';

export type ClockKind = 'wall' | 'simulated';
export type Environment = {
  id: string;
  organizationId: string;
  slug: string;
  name: string;
  mode: Mode;
  color: string;
  clockKind: ClockKind;
  /** The simulated clock; null for a wall clock. */
  clockNow: Temporal.Instant | null;
  clockTarget: Temporal.Instant | null;
  clockBlocked: ClockBlock | null;
  defaultCurrency: string;
  timeZone: string;
  status: 'active' | 'archived';
  createdAt: Temporal.Instant;
};

/** The row that holds an instant, as it is stored and shown. */
export type ClockBlock = { queue: string; id: string; reason: string; next_attempt_at: string | null };

export const COLORS = ['amber', 'blue', 'green', 'violet', 'rose', 'teal'] as const;
export const modeSchema = z.enum(['sandbox', 'test', 'live']);

export const environmentSchema = z
  .object({
    object: z.literal('environment'),
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    mode: modeSchema,
    color: z.string(),
    clock: z.object({ kind: z.enum(['wall', 'simulated']), now: instantSchema }),
    default_currency: z.string(),
    time_zone: z.string(),
    status: z.enum(['active', 'archived']),
    created_at: instantSchema,
  })
  .meta({ id: 'Environment' });

/** As the API shows it; `machineNow` is the time of environments with a wall clock. */
export function toWire(environment: Environment, machineNow: Temporal.Instant): z.input<typeof environmentSchema> {
  return {
    object: 'environment',
    id: environment.id,
    name: environment.name,
    slug: environment.slug,
    mode: environment.mode,
    color: environment.color,
    clock: { kind: environment.clockKind, now: isoSeconds(environment.clockNow ?? machineNow) },
    default_currency: environment.defaultCurrency,
    time_zone: environment.timeZone,
    status: environment.status,
    created_at: isoSeconds(environment.createdAt),
  };
}
