import { EllipsisVertical, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useEnvironment, useWrite } from '../../../api/environment.tsx';
import type { Connection, Permission } from '../../../api/types.ts';
import { MODE_WORDS } from '../../../ui/app-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Mono } from '../../../ui/code.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { When } from '../../../ui/date.tsx';
import { Id } from '../../../ui/id.tsx';
import { Panel } from '../../../ui/layout.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Status } from '../../../ui/status.tsx';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { Bullets, Facts, Text, Words } from '../../../ui/text.tsx';

const WAYS = { sandbox: 'Built-in Stripe Sandbox', api_key: 'API key', oauth: 'Consent (OAuth)' };
const TRANSPORTS = { webhook: 'Webhook', poll: 'Fetched every few seconds', both: 'Webhook, and fetched as a safety net' };

/** A connection: that it works, to which account, with which rights. */
export function Connected({ connection }: { connection: Connection }) {
  const { environment } = useEnvironment();
  const missing = connection.permissions.filter(({ status }) => status === 'missing');
  return (
    <>
      {connection.status === 'revoked' && (
        <Callout tone="bad" title="Stripe has withdrawn the access">
          {connection.status_reason ?? 'Connect the account again to go on where it stopped.'}
        </Callout>
      )}
      {connection.status === 'degraded' && (
        <Callout tone="warn" title="The connection is impaired">
          {connection.status_reason ?? 'Billow tries again by itself.'}
        </Callout>
      )}
      <Panel title={connection.account_name ?? connection.account_id}>
        <Facts
          columns={3}
          items={[
            ['Status', <Status key="status" kind="connection" value={connection.status} />],
            ['Account', connection.account_name ?? '–'],
            ['Account id', <Id key="account" value={connection.account_id} stripe />],
            ['Connection id', <Id key="id" value={connection.id} />],
            ['Mode', MODE_WORDS[environment.mode]],
            [
              'Authorised by',
              `${WAYS[connection.auth_kind]}${connection.auth_kind === 'api_key' && connection.key_last4 ? ` ending in ${connection.key_last4}` : ''}`,
            ],
            ['Events arrive by', TRANSPORTS[connection.transport]],
            ['Last event', <When key="last" at={connection.last_event_at} />],
            ['Connected', <When key="since" at={connection.created_at} />],
          ]}
        />
      </Panel>
      <Transport connection={connection} />
      <Panel
        title="Permissions"
        flush
        description={
          connection.permissions.length === 0
            ? 'Not checked yet.'
            : missing.length === 0
              ? 'Everything that is needed is granted.'
              : `${missing.length} missing: what needs them stays off.`
        }
      >
        <DataTable label="Permissions" columns={COLUMNS} rows={connection.permissions} rowId={({ permission }) => permission} />
      </Panel>
    </>
  );
}

const COLUMNS: Column<Permission>[] = [
  {
    id: 'permission',
    header: 'Permission',
    wrap: true,
    cell: (row) => <Words strong>{row.permission}</Words>,
  },
  { id: 'access', header: 'Access', from: 'sm', cell: (row) => <Words tone="muted">{row.access}</Words> },
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
  { id: 'status', header: 'State', align: 'right', cell: (row) => <Status kind="permission" value={row.status} /> },
];

function Transport({ connection }: { connection: Connection }) {
  const scan = connection.first_scan;
  const counts = Object.entries(scan?.counts ?? {}).filter(([, count]) => count > 0);
  return (
    <Panel title="Events">
      <Facts
        items={[
          ['Webhook address', connection.webhook_url === null ? '–' : <Mono key="url">{connection.webhook_url}</Mono>],
          ['Last fetched', <When key="poll" at={connection.last_poll_at} />],
          ...(connection.webhook_problem === null ? [] : [['Why no webhook', connection.webhook_problem] as [string, string]]),
          ...(scan === null
            ? []
            : [
                [
                  'First look',
                  `${scan.status}${counts.length === 0 ? '' : `: ${counts.map(([kind, count]) => `${count} ${kind}`).join(', ')}`}`,
                ] as [string, string],
              ]),
        ]}
      />
    </Panel>
  );
}

/** Authorise again, change the account, remove. */
export function ConnectionMenu({ connection, onReauthorize }: { connection: Connection; onReauthorize(): void }) {
  const { environment } = useEnvironment();
  const [removing, setRemoving] = useState<'remove' | 'change' | null>(null);
  const remove = useWrite<void, unknown>((api) => api.request('DELETE', `/v1/connections/${connection.id}`), {
    done: 'Stripe is disconnected',
    failed: 'Stripe was not disconnected',
    onDone: () => {
      if (removing === 'change') onReauthorize();
      setRemoving(null);
    },
  });
  const name = connection.account_name ?? connection.account_id;
  return (
    <>
      <Menu trigger={<Button icon={EllipsisVertical}>Manage</Button>}>
        <MenuItem icon={RefreshCw} onSelect={onReauthorize} hint="The same account, a new key or consent">
          Authorise again
        </MenuItem>
        <MenuItem icon={RefreshCw} onSelect={() => setRemoving('change')} hint="Removes this one first">
          Change account
        </MenuItem>
        <MenuItem icon={Trash2} danger onSelect={() => setRemoving('remove')}>
          Remove
        </MenuItem>
      </Menu>
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={removing === 'change' ? `Disconnect ${name} first?` : `Remove ${name}?`}
        action={removing === 'change' ? 'Disconnect and go on' : 'Remove'}
        busy={remove.isPending}
        mustType={environment.mode === 'live' ? environment.name : null}
        onConfirm={() => remove.mutate()}
      >
        <Bullets
          items={[
            'No more events arrive: no new mails are written.',
            'Our webhook endpoint is removed at Stripe. Nothing else changes there.',
            'Customers, invoices and mails stay. Connecting the same account again goes on with them.',
          ]}
        />
        <Text tone="muted" size="sm">
          Waiting mails are checked against what is stored here.
        </Text>
      </Confirm>
    </>
  );
}
