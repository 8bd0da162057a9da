import type { Clock } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { When } from '../ui/date.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Id } from '../ui/id.tsx';
import { Stack } from '../ui/layout.tsx';
import { Facts, Text } from '../ui/text.tsx';

type Props = { clock: Clock; error: unknown; waiting: boolean; onClose(): void; onAgain(): void };

/** Why the clock stopped on its way, which row holds it, and a way to go on. */
export function BlockedDialog({ clock, error, waiting, onClose, onAgain }: Props) {
  const { message, fix } = (error ?? {}) as { message?: string; fix?: string | null };
  const { blocked } = clock;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={waiting ? 'The clock is already moving' : blocked ? 'The clock stopped on its way' : 'The clock did not move'}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" onClick={onAgain}>
            {waiting ? 'Try again' : 'Go on'}
          </Button>
        </>
      }
    >
      <Stack>
        {message && <Text>{[message, fix].filter(Boolean).join(' ')}</Text>}
        {blocked && (
          <Facts
            items={[
              ['Waiting in', blocked.queue],
              ['Row', <Id key="id" value={blocked.id} />],
              ['Reason', blocked.reason],
              ['Tries again', <When key="at" at={blocked.next_attempt_at} />],
            ]}
          />
        )}
        {blocked && <Text tone="muted">Nothing is lost: the clock stands at the moment before and goes on from there.</Text>}
      </Stack>
    </Dialog>
  );
}
