import { useState } from 'react';
import { useWrite } from '../../../api/environment.tsx';
import type { Transport } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';

const ENCRYPTION = [
  { value: 'starttls', title: 'STARTTLS', body: 'Usually port 587.' },
  { value: 'tls', title: 'TLS', body: 'Usually port 465.' },
  { value: 'none', title: 'None', body: 'For a server on this machine.' },
];

/** An SMTP server with its credentials. */
export function TransportDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const [host, setHost] = useState('');
  const [port, setPort] = useState('587');
  const [tls, setTls] = useState('starttls');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const ready = name.trim() !== '' && host.trim() !== '' && /^\d{1,5}$/.test(port);
  const create = useWrite<void, Transport>(
    (api) => {
      const place = { kind: 'smtp', name: name.trim(), host: host.trim(), port: Number(port), tls };
      return api.request('POST', '/v1/emails/transports', { body: { ...place, user: user || null, password: password || null } });
    },
    { done: 'The server is added', onDone: onClose },
  );
  const send = () => ready && create.mutate();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a mail server"
      description="The password is stored encrypted and never shown again."
      footer={
        <Button variant="primary" busy={create.isPending} disabled={!ready} onClick={send}>
          Add server
        </Button>
      }
    >
      <Form label="Add a mail server" onSubmit={send}>
        {create.error && (
          <Callout tone="bad" title="It was not added">
            {create.error.message}
          </Callout>
        )}
        <Field label="Name">
          <TextInput value={name} onValueChange={setName} maxLength={80} />
        </Field>
        <Field label="Host" hint="Such as smtp.example.com">
          <TextInput mono value={host} onValueChange={setHost} autoComplete="off" />
        </Field>
        <Field label="Port">
          <TextInput mono value={port} onValueChange={setPort} inputMode="numeric" />
        </Field>
        <ChoiceCards label="Encryption" value={tls} onChange={setTls} choices={ENCRYPTION} />
        <Field label="User" optional>
          <TextInput value={user} onValueChange={setUser} autoComplete="off" />
        </Field>
        <Field label="Password" optional>
          <TextInput type="password" value={password} onValueChange={setPassword} autoComplete="new-password" />
        </Field>
      </Form>
    </Dialog>
  );
}
