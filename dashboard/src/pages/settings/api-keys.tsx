import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useList, useWrite } from '../../api/environment.tsx';
import type { ApiKey } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Mono } from '../../ui/code.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { When } from '../../ui/date.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { OutLink } from '../../ui/link.tsx';
import { ListPanel } from '../../ui/list-page.tsx';
import { Page } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { Text, Words } from '../../ui/text.tsx';
import { NewKeyDialog } from './new-key.tsx';
import { scopeWords } from './scopes.ts';

const ALL_AT_ONCE = 100;

/** Keys for programs: made, seen once, revoked. */
export function ApiKeysPage() {
  const keys = useList<ApiKey>('/v1/api_keys', { query: { limit: ALL_AT_ONCE } });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useWrite<string, unknown>((api, id) => api.request('DELETE', `/v1/api_keys/${id}`), {
    done: 'The key is revoked',
    failed: 'The key was not revoked',
    onDone: () => setRevoking(null),
  });
  return (
    <Page
      title="API keys"
      description={
        <>
          Each belongs to this environment. The <OutLink href="/docs">API reference</OutLink> lists what they can do.
        </>
      }
      actions={
        <Button variant="primary" icon={Plus} onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <ListPanel
        label="API keys"
        query={keys}
        columns={columnsOf(setRevoking)}
        rowId={({ id }) => id}
        cursor={undefined}
        onPage={() => undefined}
        empty={
          <EmptyState icon={KeyRound} title="No keys">
            Make one for your server; it is shown once.
          </EmptyState>
        }
      />
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name ?? 'the key'}?`}
        action="Revoke"
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking.id)}
      >
        <Text tone="muted">It stops working within five seconds. This cannot be undone.</Text>
      </Confirm>
    </Page>
  );
}

function columnsOf(onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      grow: true,
      cell: (key) => (
        <Words strong cut>
          {key.name}
        </Words>
      ),
    },
    { id: 'key', header: 'Key', from: 'sm', cell: (key) => <Mono>{`${key.prefix}…${key.last4}`}</Mono> },
    { id: 'scopes', header: 'May', from: 'md', cell: (key) => <Words tone="muted">{scopeWords(key.scopes)}</Words> },
    {
      id: 'used',
      header: 'Last used',
      from: 'lg',
      cell: (key) => (key.last_used_at ? <When at={key.last_used_at} /> : <Words tone="subtle">never</Words>),
    },
    {
      id: 'revoke',
      header: '',
      align: 'right',
      cell: (key) => (
        <Button size="sm" variant="ghost" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ),
    },
  ];
}
