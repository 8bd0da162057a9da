import { useState } from 'react';
import { useRead, useWrite } from '../../../api/environment.tsx';
import type { AllowList } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Field, TextArea } from '../../../ui/field.tsx';
import { Inline, Panel } from '../../../ui/layout.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { entriesOf } from './place.ts';

const PATH = '/v1/emails/allow_list';

/** Whom a test environment may write to: nobody, until somebody says so. */
export function AllowListPanel() {
  const list = useRead<AllowList>(PATH, { every: false });
  return (
    <Panel title="Allowed recipients" description="A test environment writes to these only; other mail is held and kept in the Mailbox.">
      {list.data ? (
        <AllowListForm key={list.data.entries.join()} entries={list.data.entries} />
      ) : list.error ? (
        <ErrorState what="The list could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Skeleton lines={2} />
      )}
    </Panel>
  );
}

function AllowListForm({ entries }: { entries: string[] }) {
  const [text, setText] = useState(entries.join('\n'));
  const save = useWrite<void, AllowList>((api) => api.request('PUT', PATH, { body: { entries: entriesOf(text) } }), {
    done: 'The list is saved',
  });
  return (
    <Form label="Allowed recipients" onSubmit={() => save.mutate()}>
      {save.error && (
        <Callout tone="bad" title="It was not saved">
          {save.error.message}
        </Callout>
      )}
      <Field label="Addresses and domains" hint="ada@example.com, or example.com for everybody there.">
        <TextArea mono value={text} onChange={(event) => setText(event.target.value)} rows={4} />
      </Field>
      <Inline>
        <Button type="submit" busy={save.isPending}>
          Save
        </Button>
      </Inline>
    </Form>
  );
}
