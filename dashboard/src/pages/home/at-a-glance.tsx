import { useEnvironment, useList, useRead } from '../../api/environment.tsx';
import type { Clock, Connection, Route } from '../../api/types.ts';
import { When } from '../../ui/date.tsx';
import { Panel } from '../../ui/layout.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Status } from '../../ui/status.tsx';
import { Facts } from '../../ui/text.tsx';

/** The few facts that tell whether this environment lives. Each leads to its page; what is not known is left out. */
export function AtAGlance() {
  const { environment } = useEnvironment();
  const connection = useList<Connection>('/v1/connections').data?.data.find(({ status }) => status !== 'disconnected');
  const clock = useRead<Clock>(`/v1/environments/${environment.id}/clock`).data;
  const routes = useList<Route>('/v1/emails/routes', { query: { limit: 100 } }).data?.data;
  if (!connection) return null;
  const on = new Set(routes?.filter(({ off }) => !off).map(({ trigger }) => trigger));
  return (
    <Panel title="At a glance">
      <Facts
        columns={1}
        items={[
          ['Stripe', <Status key="stripe" kind="connection" value={connection.status} />],
          [
            'Account',
            <TextLink key="account" to="/settings/integrations/stripe">
              {connection.account_name ?? connection.account_id}
            </TextLink>,
          ],
          [
            'Events with a mail',
            <TextLink key="routes" to="/emails/routes">
              {`${on.size}`}
            </TextLink>,
          ],
          ...(clock?.kind === 'simulated'
            ? [['Next thing due', <When key="next" at={clock.next} far />] as [string, React.ReactNode]]
            : []),
        ]}
      />
    </Panel>
  );
}
