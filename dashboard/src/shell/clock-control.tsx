import { CalendarClock, ChevronDown, FastForward, SkipForward, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { codeOf } from '../api/client.ts';
import { useEnvironment, useWrite } from '../api/environment.tsx';
import type { Clock } from '../api/types.ts';
import { formatInstant, shift } from '../lib/dates.ts';
import { BandButton, BandClock, BandStatus } from '../ui/band-parts.tsx';
import { When } from '../ui/date.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { toastDone } from '../ui/toast.tsx';
import { BlockedDialog } from './clock-blocked.tsx';
import { DateDialog } from './clock-date.tsx';

type Moved = Clock & { id?: string };

/** Moves the simulated clock: to the next thing due, by a day, a week, a month, or to a date. */
export function ClockControl({ clock }: { clock: Clock }) {
  const { environment } = useEnvironment();
  const [asking, setAsking] = useState<'date' | 'blocked' | null>(null);
  const advance = useWrite<string, Moved>(
    (api, to) => api.request('POST', `/v1/environments/${environment.id}/clock/advance`, { body: { to } }),
    {
      onDone: ({ now }) => toastDone('The clock has arrived', formatInstant(now, { timeZone: environment.time_zone, show: 'clock' })),
    },
  );
  const moving = advance.isPending || clock.status === 'advancing';
  const failure = advance.error;
  const go = (to: string) => advance.mutate(to, { onError: () => setAsking('blocked'), onSuccess: () => setAsking(null) });
  return (
    <BandClock>
      <ClockFace clock={clock} moving={moving} />
      {clock.status === 'blocked' && (
        <BandButton icon={TriangleAlert} onClick={() => setAsking('blocked')}>
          Stopped
        </BandButton>
      )}
      <Menu
        trigger={
          <BandButton icon={FastForward} busy={moving} disabled={moving} aria-label="Advance the clock">
            Advance
            <ChevronDown aria-hidden size={14} />
          </BandButton>
        }
      >
        <MenuItem
          icon={SkipForward}
          disabled={clock.next === null}
          onSelect={() => go('next')}
          hint={clock.next === null ? 'Nothing is due' : <When at={clock.next} far />}
        >
          To the next thing due
        </MenuItem>
        <MenuLine />
        <MenuItem onSelect={() => go(shift(clock.now, { days: 1 }))}>By a day</MenuItem>
        <MenuItem onSelect={() => go(shift(clock.now, { days: 7 }))}>By a week</MenuItem>
        <MenuItem onSelect={() => go(shift(clock.now, { months: 1 }))}>By a month</MenuItem>
        <MenuLine />
        <MenuItem icon={CalendarClock} onSelect={() => setAsking('date')}>
          To a date …
        </MenuItem>
      </Menu>
      {asking === 'date' && <DateDialog clock={clock} onClose={() => setAsking(null)} onGo={(to) => go(to)} />}
      {asking === 'blocked' && (
        <BlockedDialog
          clock={clock}
          error={failure}
          waiting={codeOf(failure) === 'clock_advancing'}
          onClose={() => setAsking(null)}
          onAgain={() => {
            setAsking(null);
            go(clock.target ?? advance.variables ?? 'next');
          }}
        />
      )}
    </BandClock>
  );
}

function ClockFace({ clock, moving }: { clock: Clock; moving: boolean }) {
  return (
    <BandStatus>
      <When at={clock.now} show="clock" />
      {moving && clock.target !== null && (
        <>
          {' → '}
          <When at={clock.target} />
        </>
      )}
    </BandStatus>
  );
}
