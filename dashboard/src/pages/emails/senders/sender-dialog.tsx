import { useState } from 'react';
import { useWrite } from '../../../api/environment.tsx';
import type { Sender, Transport } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';

/** The address that mail comes from, and the server it leaves by. */
export function SenderDialog({ transports, onClose }: { transports: Transport[]; onClose(): void }) {
  const [address, setAddress] = useState('');
  const [name, setName] = useState('');
  const [selector, setSelector] = useState('');
  const [transport, setTransport] = useState(transports.find(({ kind }) => kind !== 'inbox')?.id ?? transports[0]?.id ?? '');
  const ready = address.includes('@') && name.trim() !== '' && transport !== '';
  const create = useWrite<void, Sender>(
    (api) => {
      const body = { from_address: address.trim(), from_name: name.trim(), transport_id: transport, is_default: true };
      return api.request('POST', '/v1/emails/senders', { body: { ...body, dkim_selector: selector.trim() || null } });
    },
    { done: 'The sender is added', onDone: onClose },
  );
  const send = () => ready && create.mutate();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a sender"
      description="It becomes the default; a test mail proves that it arrives."
      footer={
        <Button variant="primary" busy={create.isPending} disabled={!ready} onClick={send}>
          Add sender
        </Button>
      }
    >
      <Form label="Add a sender" onSubmit={send}>
        {create.error && (
          <Callout tone="bad" title="It was not added">
            {create.error.message}
          </Callout>
        )}
        <Field label="Address" hint="Of a domain of yours.">
          <TextInput value={address} onValueChange={setAddress} inputMode="email" autoComplete="off" />
        </Field>
        <Field label="Name" hint="What people read beside it.">
          <TextInput value={name} onValueChange={setName} maxLength={80} />
        </Field>
        <Select
          label="Leaves by"
          prefix="Leaves by"
          value={transport}
          onChange={setTransport}
          choices={transports.map(({ id, name: label }) => ({ value: id, label }))}
        />
        <Field label="DKIM selector" optional hint="The name before ._domainkey of your domain.">
          <TextInput mono value={selector} onValueChange={setSelector} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  );
}
