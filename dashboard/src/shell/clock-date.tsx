import { useState } from 'react';
import type { Clock } from '../api/types.ts';
import { wholeSeconds } from '../lib/dates.ts';
import { Form } from '../ui/auth-frame.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';

const YEAR_DAYS = 366;
const DAY_MS = 86_400_000;

/** Asks for the date to advance to: later than now, at most a year ahead. */
export function DateDialog({ clock, onClose, onGo }: { clock: Clock; onClose(): void; onGo(to: string): void }) {
  const [value, setValue] = useState(wholeSeconds(new Date(Date.parse(clock.now) + DAY_MS)).slice(0, 16));
  const chosen = Date.parse(`${value}Z`);
  const ahead = chosen - Date.parse(clock.now);
  const error = Number.isNaN(chosen)
    ? 'Enter a date and a time.'
    : ahead <= 0
      ? 'The clock never goes back.'
      : ahead > YEAR_DAYS * DAY_MS
        ? 'At most a year at once.'
        : null;
  const send = () => {
    if (error !== null) return;
    onGo(wholeSeconds(new Date(chosen)));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Advance to a date"
      description="Everything due on the way happens in order: renewals, retries, mails."
      size="sm"
      footer={
        <Button variant="primary" disabled={error !== null} onClick={send}>
          Advance
        </Button>
      }
    >
      <Form label="Advance to a date" onSubmit={send}>
        <Field label="Date and time (UTC)" error={error}>
          <TextInput type="datetime-local" value={value} onValueChange={setValue} min={clock.now.slice(0, 16)} />
        </Field>
      </Form>
    </Dialog>
  );
}
