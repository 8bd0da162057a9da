import { useState } from 'react';
import { codeOf } from '../../../api/client.ts';
import { useEnvironment, useWrite } from '../../../api/environment.tsx';
import type { Connection } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Inline } from '../../../ui/layout.tsx';
import { keyProblem } from './key-problem.ts';

/** A secret or restricted key; it is tried at once and kept encrypted. */
export function ApiKeyForm({ onConnected }: { onConnected(): void }) {
  const { environment } = useEnvironment();
  const [key, setKey] = useState('');
  const connect = useWrite<void, Connection>((api) => api.request('POST', '/v1/connections', { body: { api_key: key.trim() } }), {
    onDone: onConnected,
  });
  const problem = key === '' ? null : keyProblem(key.trim(), environment.mode);
  const { fix } = (connect.error ?? {}) as { fix?: string | null };
  return (
    <Form label="Connect with an API key" onSubmit={() => key.trim() !== '' && problem === null && connect.mutate()}>
      {connect.error && (
        <Callout
          tone="bad"
          title={codeOf(connect.error) === 'mode_mismatch' ? 'This account is of another mode' : 'Stripe was not connected'}
        >
          {[connect.error.message, fix].filter(Boolean).join(' ')}
        </Callout>
      )}
      <Field label="Secret or restricted key" error={problem} hint="Tried at once, stored encrypted, never shown again.">
        <TextInput
          type="password"
          mono
          value={key}
          onValueChange={setKey}
          autoComplete="off"
          placeholder={environment.mode === 'live' ? 'rk_live_…' : 'rk_test_…'}
        />
      </Field>
      <Inline>
        <Button type="submit" variant="primary" busy={connect.isPending} disabled={key.trim() === '' || problem !== null}>
          Check and connect
        </Button>
      </Inline>
    </Form>
  );
}
