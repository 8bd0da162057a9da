import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Field, TextInput } from './field.tsx';

type Props = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** What will happen, and what stays. */
  children: ReactNode;
  action: string;
  busy?: boolean;
  /** Text that must be typed first, for what cannot be undone in Live. */
  mustType?: string | null;
  onConfirm(): void;
};

/** Asks once before something that is hard to undo. */
export function Confirm({ open, onOpenChange, title, children, action, busy = false, mustType = null, onConfirm }: Props) {
  const [typed, setTyped] = useState('');
  const ready = mustType === null || typed.trim() === mustType;
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <AlertDialog.Viewport className="fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-4">
          <AlertDialog.Popup className="w-full rounded-t-xl bg-raised p-5 text-ink shadow-raised outline-none sm:max-w-115 sm:rounded-xl">
            <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="mt-1 flex flex-col gap-2 text-base text-ink-2">
              {children}
            </AlertDialog.Description>
            {mustType !== null && (
              <div className="mt-4">
                <Field label={`Type “${mustType}” to go on`}>
                  <TextInput value={typed} onValueChange={setTyped} autoComplete="off" />
                </Field>
              </div>
            )}
            <div className="mt-5 flex flex-wrap justify-end gap-2">
              <AlertDialog.Close render={<Button>Keep it</Button>} />
              <Button variant="danger" busy={busy} disabled={!ready} onClick={onConfirm}>
                {action}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
