import { KeyRound, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useEnvironment, useRead, useWrite } from '../../../api/environment.tsx';
import type { Permission } from '../../../api/types.ts';
import { MODE_CHOICES } from '../../../shell/modes.ts';
import { MODE_WORDS, ModeDot } from '../../../ui/app-frame.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Inline, Panel, Stack } from '../../../ui/layout.tsx';
import { RowList } from '../../../ui/row-list.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { Text, Words } from '../../../ui/text.tsx';
import { ApiKeyForm } from './api-key-form.tsx';

type Asked = Omit<Permission, 'status'>;

/** Which environment this is, then the two ways to authorise, then what is asked for. */
export function AddWizard({ onCancel, onConnected }: { onCancel(): void; onConnected(): void }) {
  const [way, setWay] = useState('oauth');
  return (
    <>
      <Modes />
      <Panel
        title="Authorise"
        actions={
          <Button size="sm" variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
        }
      >
        <Stack gap="lg">
          <Segmented
            label="How to authorise"
            value={way}
            onChange={setWay}
            choices={[
              { value: 'oauth', label: 'Connect with Stripe', icon: ShieldCheck },
              { value: 'key', label: 'API key', icon: KeyRound },
            ]}
          />
          {way === 'oauth' ? <Consent /> : <ApiKeyForm onConnected={onConnected} />}
        </Stack>
      </Panel>
      <Permissions />
    </>
  );
}

/** The three environments explained; this one is marked, because its mode cannot be changed. */
function Modes() {
  const { environment } = useEnvironment();
  return (
    <Panel
      title="Three kinds of environment"
      description="The account must fit this one. For another kind, make another environment."
      flush
    >
      <RowList
        label="Kinds of environment"
        wrap
        items={MODE_CHOICES.map(({ mode, when, talksTo }) => ({
          id: mode,
          icon: <ModeDot mode={mode} />,
          title: `${MODE_WORDS[mode]}: ${talksTo}`,
          detail: when,
          end: mode === environment.mode ? <Badge tone="accent">this one</Badge> : undefined,
        }))}
      />
    </Panel>
  );
}

function Consent() {
  const { environment } = useEnvironment();
  const start = useWrite<void, { authorize_url: string }>((api) => api.request('POST', '/v1/connections/oauth', { body: {} }), {
    onDone: ({ authorize_url: url }) => window.location.assign(url),
  });
  return (
    <Stack>
      <Text tone="muted">
        {environment.mode === 'sandbox'
          ? 'The Stripe Sandbox shows the same consent page as Stripe does. '
          : 'Stripe shows what is asked for and which account it is. '}
        You come back here afterwards. Access can be withdrawn at any time, here or at Stripe.
      </Text>
      {start.error && (
        <Callout tone="bad" title="It could not be started">
          {[start.error.message, (start.error as { fix?: string | null }).fix].filter(Boolean).join(' ')}
        </Callout>
      )}
      <Inline>
        <Button variant="primary" busy={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
          Connect with Stripe
        </Button>
      </Inline>
    </Stack>
  );
}

const COLUMNS: Column<Asked>[] = [
  {
    id: 'permission',
    header: 'Permission',
    wrap: true,
    cell: (row) => <Words strong>{row.permission}</Words>,
  },
  { id: 'access', header: 'Access', cell: (row) => <Words tone="muted">{row.access}</Words> },
  {
    id: 'used',
    header: 'Used for',
    grow: true,
    from: 'md',
    cell: (row) => (
      <Words tone="muted" cut>
        {row.used_for}
      </Words>
    ),
  },
  { id: 'required', header: '', align: 'right', cell: (row) => (row.required ? <Badge tone="accent">required</Badge> : null) },
];

/** What is asked for; the same list to tick when a restricted key is made. */
function Permissions() {
  const asked = useRead<{ data: Asked[] }>('/v1/connections/permissions', { every: false });
  if (asked.isError) return null;
  return (
    <Panel
      title="Permissions"
      description="For a restricted key, tick these at Stripe. Without a required one the connection is refused; without another its function stays off."
      flush
    >
      <DataTable label="Permissions" columns={COLUMNS} rows={asked.data?.data} rowId={({ permission }) => permission} />
    </Panel>
  );
}
