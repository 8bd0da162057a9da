import { useEnvironment } from '../api/environment.tsx';
import type { Clock } from '../api/types.ts';
import { MODE_WORDS, ModeBand } from '../ui/app-frame.tsx';
import { BandText } from '../ui/band-parts.tsx';
import { ClockControl } from './clock-control.tsx';

const MEANING = {
  sandbox: 'nothing here is real: no money moves, and mail stays in the Mailbox',
  test: 'your Stripe account in test mode: no money moves, mail goes to allowed addresses only',
};

/** The mode of the environment, and its clock where it can be moved. */
export function Band({ clock }: { clock: Clock | undefined }) {
  const { environment } = useEnvironment();
  if (environment.mode === 'live') return null;
  return (
    <ModeBand mode={environment.mode}>
      <BandText strong={MODE_WORDS[environment.mode]}>{MEANING[environment.mode]}</BandText>
      {clock?.kind === 'simulated' && <ClockControl clock={clock} />}
    </ModeBand>
  );
}
