import { useList } from '../../api/environment.tsx';
import type { Connection } from '../../api/types.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { StripeMark } from '../../ui/id.tsx';
import { Inset, Panel } from '../../ui/layout.tsx';
import { Page } from '../../ui/page.tsx';
import { RowList } from '../../ui/row-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';

/** What this environment is joined to. */
export function IntegrationsPage() {
  const connections = useList<Connection>('/v1/connections');
  const current = connections.data?.data.find(({ status }) => status !== 'disconnected');
  return (
    <Page title="Integrations" width="text" description="Services that this environment talks to.">
      <Panel flush>
        {connections.data ? (
          <RowList
            label="Integrations"
            items={[
              {
                id: 'stripe',
                icon: <StripeMark />,
                title: 'Stripe',
                detail: current
                  ? `${current.account_name ?? 'Account'} · ${current.account_id}`
                  : 'Customers, subscriptions, invoices, payments. Not connected.',
                end: current ? <Status kind="connection" value={current.status} /> : 'Add one',
                link: { to: '/settings/integrations/stripe' },
              },
            ]}
          />
        ) : connections.error ? (
          <ErrorState what="The integrations could not be loaded" error={connections.error} onRetry={() => void connections.refetch()} />
        ) : (
          <Inset>
            <Skeleton lines={2} />
          </Inset>
        )}
      </Panel>
    </Page>
  );
}
