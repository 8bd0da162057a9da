import type { Ctx, Mode } from '../kit/context.ts';
import { isUniqueViolation, refuse } from '../kit/errors.ts';
import { announce } from '../kit/events.ts';
import { newId } from '../kit/ids.ts';
import { standingClock, wallClock, wholeSeconds } from '../kit/time.ts';
import { writeAudit } from './audit.ts';
import type { ClockKind, COLORS, Environment } from './environment.ts';
import { toEnvironment } from './queries.ts';

export type NewEnvironment = {
  organizationId: string;
  name: string;
  slug?: string;
  mode: Mode;
  /** Default: simulated for sandbox, wall otherwise. Live is always wall. */
  clock?: ClockKind;
  /** Where a simulated clock stands at first; default the machine's now. */
  now?: Temporal.Instant;
  timeZone?: string;
  defaultCurrency?: string;
  color?: string;
  /** The first sandbox of a fresh installation, where the default e-mail routes are on. */
  first?: boolean;
};

/** Makes an environment in the caller's transaction and announces `environment.created` inside it. 409 `slug_taken`, 400 for a clock its mode does not have. */
export async function createEnvironment(tx: Ctx, a: NewEnvironment): Promise<Environment> {
  const clockKind = a.clock ?? (a.mode === 'sandbox' ? 'simulated' : 'wall');
  if (clockKind === 'simulated' && a.mode !== 'sandbox') {
    refuse({ code: 'clock_not_simulated', message: `A ${a.mode} environment follows the real time.`, param: 'clock' });
  }
  const at = tx.machineClock.now();
  const row = await insert(tx, { given: a, clockKind, at });
  const environment = toEnvironment(row);
  const inside: Ctx = {
    ...tx,
    environmentId: environment.id,
    organizationId: environment.organizationId,
    mode: environment.mode,
    clock: environment.clockNow ? standingClock(environment.clockNow) : wallClock(tx.machineClock),
  };
  const after = { name: environment.name, mode: environment.mode, clock: clockKind };
  await writeAudit(inside, { action: 'environment.created', objectType: 'environment', objectId: environment.id, after });
  await announce(inside, {
    type: 'environment.created',
    objectType: 'environment',
    objectId: environment.id,
    data: { mode: environment.mode, first: a.first === true },
    dedupeKey: `environment.created:${environment.id}`,
  });
  return environment;
}

async function insert(tx: Ctx, a: { given: NewEnvironment; clockKind: ClockKind; at: Temporal.Instant }) {
  const { given, clockKind, at } = a;
  const id = newId(tx, 'environment');
  const slug = given.slug ?? slugOf(given.name, id);
  try {
    return await tx.db
      .insertInto('environments')
      .values({
        id,
        organization_id: given.organizationId,
        slug,
        name: given.name,
        mode: given.mode,
        color: given.color ?? defaultColor(given.mode),
        clock_kind: clockKind,
        clock_now: clockKind === 'simulated' ? wholeSeconds(given.now ?? at) : null,
        default_currency: given.defaultCurrency ?? 'usd',
        time_zone: given.timeZone ?? 'UTC',
        created_at: at,
        updated_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  } catch (error) {
    if (isUniqueViolation(error))
      refuse({ status: 409, code: 'slug_taken', message: `There is already an environment "${slug}".`, param: 'slug' });
    throw error;
  }
}

function defaultColor(mode: Mode): (typeof COLORS)[number] {
  return mode === 'sandbox' ? 'amber' : mode === 'test' ? 'blue' : 'green';
}

function slugOf(name: string, id: string): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${words.slice(0, 40) || 'environment'}-${id.slice(-6)}`;
}
