import { useState } from 'react';
import { useWrite } from '../../api/environment.tsx';
import type { ApiKey } from '../../api/types.ts';
import { Form } from '../../ui/auth-frame.tsx';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Secret } from '../../ui/secret.tsx';
import { parseScopes } from './scopes.ts';

const PRESETS = [
  { value: 'full', title: 'Everything', body: 'Read and change all of this environment. For your own server.' },
  { value: 'read_only', title: 'Read only', body: 'Look at everything, change nothing. For reports.' },
  { value: 'chosen', title: 'Chosen', body: 'Only the scopes you name.' },
];

/** Makes a key and shows it once. */
export function NewKeyDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const [preset, setPreset] = useState('full');
  const [scopes, setScopes] = useState('');
  const wanted = preset === 'chosen' ? parseScopes(scopes) : [preset];
  const ready = name.trim() !== '' && wanted.length > 0;
  const create = useWrite<void, ApiKey & { secret: string }>((api) =>
    api.request('POST', '/v1/api_keys', { body: { name: name.trim(), scopes: wanted } }),
  );
  const send = () => ready && create.mutate();
  if (create.data)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`${create.data.name} is ready`}
        description="Copy it now: it is not shown again."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Secret label="API key" value={create.data.secret} />
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New API key"
      footer={
        <Button variant="primary" busy={create.isPending} disabled={!ready} onClick={send}>
          Create key
        </Button>
      }
    >
      <Form label="New API key" onSubmit={send}>
        {create.error && (
          <Callout tone="bad" title="It was not created">
            {create.error.message}
          </Callout>
        )}
        <Field label="Name" hint="Where it is used, e.g. “Backend, production”.">
          <TextInput value={name} onValueChange={setName} maxLength={80} />
        </Field>
        <ChoiceCards label="What it may do" value={preset} onChange={setPreset} choices={PRESETS} />
        {preset === 'chosen' && (
          <Field label="Scopes" hint="Such as messages:read customers:read">
            <TextInput mono value={scopes} onValueChange={setScopes} />
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
