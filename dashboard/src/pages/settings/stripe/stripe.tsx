import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plug } from 'lucide-react';
import { useList } from '../../../api/environment.tsx';
import type { Connection } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/layout.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Status } from '../../../ui/status.tsx';
import { AddWizard } from './add-wizard.tsx';
import { Connected, ConnectionMenu } from './connected.tsx';

const BACK = { label: 'Integrations', link: { to: '/settings/integrations' } } as const;

/** Settings → Integrations → Stripe: add one, see that it works, change or remove it. */
export function StripePage() {
  const search = useSearch({ from: '/shell/settings/integrations/stripe' });
  const navigate = useNavigate({ from: '/settings/integrations/stripe' });
  const connections = useList<Connection>('/v1/connections', { every: 4000 });
  const current = connections.data?.data.find(({ status }) => status !== 'disconnected');
  const adding = search.add !== undefined;
  const setAdding = (add: boolean) => void navigate({ search: ({ env }) => ({ env, ...(add && { add: '1' }) }) });
  return (
    <Page
      title="Stripe"
      back={BACK}
      width="text"
      beside={current && <Status kind="connection" value={current.status} />}
      actions={current && <ConnectionMenu connection={current} onReauthorize={() => setAdding(true)} />}
    >
      {search.error !== undefined && (
        <Callout
          tone="bad"
          title={search.error === 'access_denied' ? 'Stripe was not connected: the access was declined' : 'Stripe was not connected'}
        >
          {search.message ?? 'Try again, or use an API key.'}
        </Callout>
      )}
      {search.connected !== undefined && current && (
        <Callout
          tone="ok"
          title="Stripe is connected"
        >{`Events of ${current.account_name ?? current.account_id} arrive from now on.`}</Callout>
      )}
      {connections.data === undefined ? (
        <Panel>
          {connections.error ? (
            <ErrorState what="The connection could not be loaded" error={connections.error} onRetry={() => void connections.refetch()} />
          ) : (
            <Skeleton lines={5} />
          )}
        </Panel>
      ) : current && !adding ? (
        <Connected connection={current} />
      ) : adding ? (
        <AddWizard
          onCancel={() => setAdding(false)}
          onConnected={() => void navigate({ search: ({ env }) => ({ env, connected: '1' }) })}
        />
      ) : (
        <Panel>
          <EmptyState
            icon={Plug}
            title="Stripe is not connected"
            action={
              <Button variant="primary" onClick={() => setAdding(true)}>
                Add one
              </Button>
            }
          >
            Connect an account, and what happens in it becomes customers, invoices and mails here. Nothing is written to Stripe by
            connecting, and no mail goes out for what lies in the past.
          </EmptyState>
        </Panel>
      )}
    </Page>
  );
}
