import { useState } from 'react';
import { useEnvironment, useWrite } from '../../../api/environment.tsx';
import type { Sender } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Stack } from '../../../ui/layout.tsx';
import { Facts } from '../../../ui/text.tsx';

type Sent = { ok: boolean; code: string | null; text: string | null; sender: Sender };

/** A mail with a code, and the code typed back; in live the domain's records beside it. */
export function TestDialog({ sender, onClose }: { sender: Sender; onClose(): void }) {
  const { me, environment } = useEnvironment();
  const [to, setTo] = useState(me.user?.email ?? '');
  const [code, setCode] = useState('');
  const path = `/v1/emails/senders/${sender.id}`;
  const test = useWrite<void, Sent>((api) => api.request('POST', `${path}/test`, { body: { to: to.trim() } }));
  const confirm = useWrite<void, Sender>((api) => api.request('POST', `${path}/confirm`, { body: { code: code.trim() } }), {
    done: ({ status }) => (status === 'verified' ? 'The sender is verified' : 'The test mail arrived'),
  });
  const check = useWrite<void, Sender>((api) => api.request('POST', `${path}/check`, { body: {} }), {
    failed: 'The records were not read',
  });
  const failure = test.error ?? confirm.error;
  const records = (check.data ?? confirm.data ?? sender).dns;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Test ${sender.from_address}`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <Stack>
        {failure && (
          <Callout tone="bad" title="That did not work">
            {failure.message}
          </Callout>
        )}
        {test.data && !test.data.ok && (
          <Callout tone="warn" title="The mail server did not take the mail">
            {`${test.data.text ?? ''} (${test.data.code ?? ''})`}
          </Callout>
        )}
        <Form label="Send a test mail" onSubmit={() => test.mutate()}>
          <Field label="To" hint={environment.mode === 'test' ? 'An address on the allow-list.' : undefined}>
            <TextInput value={to} onValueChange={setTo} inputMode="email" />
          </Field>
          <Button type="submit" busy={test.isPending}>
            Send test mail
          </Button>
        </Form>
        {(test.data?.ok === true || sender.test !== null) && (
          <Form label="Type its code" onSubmit={() => code.trim() !== '' && confirm.mutate()}>
            <Field label="Code in the mail">
              <TextInput mono value={code} onValueChange={setCode} autoComplete="one-time-code" />
            </Field>
            <Button type="submit" variant="primary" busy={confirm.isPending} disabled={code.trim() === ''}>
              It arrived
            </Button>
          </Form>
        )}
        {environment.mode === 'live' && (
          <>
            <Facts
              columns={1}
              items={records.map(({ record, name, found, ok }) => [
                `${record.toUpperCase()} ${name}`,
                `${ok ? 'Fine' : 'Missing'}: ${found ?? 'nothing found'}`,
              ])}
            />
            <Button busy={check.isPending} onClick={() => check.mutate()}>
              Check the DNS records
            </Button>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
