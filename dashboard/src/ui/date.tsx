import { createContext, useContext } from 'react';
import { distance, explainInstant, formatInstant } from '../lib/dates.ts';

/** The environment's time zone and clock: dates are shown in the one and judged by the other. */
export const TimeContext = createContext<{ timeZone: string; now: string | undefined }>({ timeZone: 'UTC', now: undefined });

type Props = {
  at: string | null | undefined;
  show?: 'date' | 'time' | 'datetime' | 'clock' /** Adds "in 3 days" by the environment's clock. */;
  far?: boolean;
};

/** A moment in the environment's time zone; the zone and the seconds on hover. */
export function When({ at, show = 'datetime', far = false }: Props) {
  const { timeZone, now } = useContext(TimeContext);
  if (!at) return <span className="text-ink-3">–</span>;
  return (
    <time dateTime={at} title={explainInstant(at, timeZone)} className="whitespace-nowrap tabular-nums">
      {formatInstant(at, { timeZone, now, show })}
      {far && now !== undefined && <span className="text-ink-3"> · {distance(at, now)}</span>}
    </time>
  );
}
