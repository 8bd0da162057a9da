import { RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useWrite } from '../../../api/environment.tsx';
import type { Message } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Text } from '../../../ui/text.tsx';

const AGAIN = new Set(['refused', 'held']);
const CAN_STOP = new Set(['planned', 'held', 'ready']);

/** What a person may do with a mail that has not gone out. */
export function MessageActions({ message }: { message: Message }) {
  const [stopping, setStopping] = useState(false);
  const path = `/v1/emails/messages/${message.id}`;
  const retry = useWrite<void, unknown>((api) => api.request('POST', `${path}/retry`, { body: {} }), {
    done: 'It is tried again with fresh facts',
    failed: 'It was not tried again',
  });
  const cancel = useWrite<void, unknown>((api) => api.request('POST', `${path}/cancel`, { body: {} }), {
    done: 'The mail is called off',
    failed: 'The mail was not called off',
    onDone: () => setStopping(false),
  });
  return (
    <>
      {CAN_STOP.has(message.status) && (
        <Button icon={X} onClick={() => setStopping(true)}>
          Call off
        </Button>
      )}
      {AGAIN.has(message.status) && (
        <Button icon={RotateCcw} busy={retry.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
      )}
      <Confirm
        open={stopping}
        onOpenChange={setStopping}
        title="Call off this mail?"
        action="Call off"
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      >
        <Text tone="muted">It is not sent. The log keeps who called it off.</Text>
      </Confirm>
    </>
  );
}
