/** When the phases of a schedule begin and end. Pure; epoch seconds. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Params } from '../../kernel/types.ts';
import { boundary, type Cadence, type Interval } from '../subscription/period.ts';

export type PhaseDates = { start: number; end: number };
type Length = { end_date?: number | 'now'; duration?: { interval: Interval; interval_count?: number }; start_date?: number | 'now' };

/**
 * One phase follows the other: each begins where the one before ends. Months and years are counted from where the row of durations began, never
 * chained, so that three phases of a month from 31 January end on 28 February, 31 March and 30 April. Without a length a phase lasts one interval
 * of its first price.
 */
export function phaseDates(phases: Params[], input: { start: number; now: number; cadences: Cadence[] }): PhaseDates[] {
  const dates: PhaseDates[] = [];
  let start = input.start;
  let row: Row | null = null;
  for (const [index, phase] of (phases as Length[]).entries()) {
    const param = `phases[${index}]`;
    checkStart(phase, { start, now: input.now, param });
    let end: number;
    if (phase.end_date !== undefined) {
      end = phase.end_date === 'now' ? input.now : phase.end_date;
      row = null;
    } else {
      const cadence = lengthOf(phase, input.cadences[index]!);
      row = nextInRow(row, cadence, start);
      end = boundary(row.from, { interval: row.unit, count: 1 }, row.steps);
    }
    if (end <= start) throw invalidRequest('The end of a phase must be after its start.', { param: `${param}[end_date]` });
    dates.push({ start, end });
    start = end;
  }
  return dates;
}

/** Durations of one unit in a row are counted from where the row began. */
type Row = { from: number; unit: Interval; steps: number };

function nextInRow(row: Row | null, cadence: Cadence, start: number): Row {
  const [unit, steps] = [unitOf(cadence), units(cadence)];
  return row !== null && row.unit === unit ? { from: row.from, unit, steps: row.steps + steps } : { from: start, unit, steps };
}

function checkStart(phase: Length, at: { start: number; now: number; param: string }): void {
  if (phase.end_date !== undefined && phase.duration !== undefined)
    throw invalidRequest('You may only specify one of these parameters: end_date, duration.', {
      code: 'parameters_exclusive',
      param: `${at.param}[end_date]`,
    });
  const given = phase.start_date === 'now' ? at.now : phase.start_date;
  if (given === undefined || given === at.start) return;
  throw invalidRequest(`A phase must start where the one before ends (${at.start}).`, { param: `${at.param}[start_date]` });
}

function lengthOf(phase: Length, cadence: Cadence): Cadence {
  return phase.duration === undefined ? cadence : { interval: phase.duration.interval, count: phase.duration.interval_count ?? 1 };
}

/** Years are twelve months here, so that both can follow one another in one row. */
function unitOf(cadence: Cadence): Interval {
  return cadence.interval === 'year' ? 'month' : cadence.interval;
}

function units(cadence: Cadence): number {
  return cadence.interval === 'year' ? cadence.count * 12 : cadence.count;
}
