import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useEnvironment } from '../../../api/environment.tsx';
import type { Resolution, Trigger } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { FieldRow } from '../../../ui/field-row.tsx';
import { Panel, Stack } from '../../../ui/layout.tsx';
import { Select } from '../../../ui/select.tsx';
import { ResolutionView } from './resolution.tsx';
import { subjectOf } from './subject-of.ts';

/** "Which template, and why": asks the server, which writes nothing. The question is in the address. */
export function ResolvePanel({ triggers }: { triggers: Trigger[] }) {
  const search = useSearch({ from: '/shell/emails/routes' });
  const navigate = useNavigate({ from: '/emails/routes' });
  const { api } = useEnvironment();
  const trigger = search.trigger ?? triggers[0]?.trigger ?? '';
  const [about, setAbout] = useState(search.about ?? '');
  const resolve = useMutation({
    mutationFn: (asked: { trigger: string; about: string }) =>
      api.request<Resolution>('POST', '/v1/emails/routes/resolve', { body: { trigger: asked.trigger, ...subjectOf(asked.about) } }),
  });
  const { mutate } = resolve;
  useEffect(() => {
    if (search.about && trigger) mutate({ trigger, about: search.about });
  }, [search.about, trigger, mutate]);
  const known = subjectOf(about) !== null;
  const ask = () => {
    if (!known) return;
    if (search.about === about.trim()) mutate({ trigger, about: about.trim() });
    void navigate({ search: (before) => ({ ...before, trigger, about: about.trim() }) });
  };
  return (
    <Panel title="Which template, and why" description="Asks for one customer, subscription or invoice. Nothing is sent.">
      <Stack gap="lg">
        <Form label="Which template, and why" onSubmit={ask}>
          <FieldRow>
            <Field label="Event">
              <Select
                label="Event"
                value={trigger}
                choices={triggers.map((one) => ({ value: one.trigger, label: one.title }))}
                onChange={(next) => void navigate({ search: (before) => ({ ...before, trigger: next }) })}
              />
            </Field>
            <Field label="About" error={about !== '' && !known ? 'An id that starts with cus_, sub_, in_ or one of ours.' : null}>
              <TextInput mono value={about} onValueChange={setAbout} placeholder="cus_… · sub_… · in_…" autoComplete="off" />
            </Field>
            <Button type="submit" busy={resolve.isPending} disabled={!known}>
              Explain
            </Button>
          </FieldRow>
        </Form>
        {resolve.error && <ErrorState what="This could not be answered" error={resolve.error} />}
        {resolve.data && !resolve.error && <ResolutionView resolution={resolve.data} />}
      </Stack>
    </Panel>
  );
}
