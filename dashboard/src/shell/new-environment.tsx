import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWrite } from '../api/environment.tsx';
import type { Environment, Mode } from '../api/types.ts';
import { MODE_WORDS, ModeDot } from '../ui/app-frame.tsx';
import { Form } from '../ui/auth-frame.tsx';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Inline, Stack } from '../ui/layout.tsx';
import { Secret } from '../ui/secret.tsx';
import { Text } from '../ui/text.tsx';
import { MODE_CHOICES } from './modes.ts';

type Made = Environment & { api_key: string };

/** Makes an environment; its first API key is shown once. */
export function NewEnvironmentDialog({ onClose, onEnter }: { onClose(): void; onEnter(slug: string): void }) {
  const [name, setName] = useState('');
  const [mode, setMode] = useState<Mode>('sandbox');
  const [made, setMade] = useState<Made | null>(null);
  const queries = useQueryClient();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const create = useWrite<void, Made>((api) =>
    api.request('POST', '/v1/environments', { body: { name: name.trim(), mode, time_zone: timeZone } }),
  );
  const send = () => name.trim() && create.mutate(undefined, { onSuccess: setMade });
  const enter = async () => {
    await queries.invalidateQueries({ queryKey: ['me'] });
    onClose();
    if (made) onEnter(made.slug);
  };
  if (made) return <MadeDialog made={made} onEnter={() => void enter()} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New environment"
      description="Each has its own customers, mails, keys and Stripe account. The mode cannot be changed later."
      footer={
        <Button variant="primary" busy={create.isPending} disabled={name.trim() === ''} onClick={send}>
          Create environment
        </Button>
      }
    >
      <Form label="New environment" onSubmit={send}>
        {create.error && (
          <Callout tone="bad" title="It was not created">
            {create.error.message}
          </Callout>
        )}
        <Field label="Name">
          <TextInput value={name} onValueChange={setName} maxLength={80} placeholder="Checkout experiments" />
        </Field>
        <ChoiceCards
          label="Mode"
          value={mode}
          onChange={(next) => setMode(next as Mode)}
          choices={MODE_CHOICES.map((choice) => ({
            value: choice.mode,
            title: (
              <Inline>
                <ModeDot mode={choice.mode} />
                {MODE_WORDS[choice.mode]}
              </Inline>
            ),
            body: choice.when,
          }))}
        />
      </Form>
    </Dialog>
  );
}

function MadeDialog({ made, onEnter }: { made: Made; onEnter(): void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onEnter()}
      title={`${made.name} is ready`}
      footer={
        <Button variant="primary" onClick={onEnter}>
          Open it
        </Button>
      }
    >
      <Stack>
        <Text tone="muted">It starts unconnected. This is its first API key; it is shown only now.</Text>
        <Secret label="API key" value={made.api_key} />
      </Stack>
    </Dialog>
  );
}
