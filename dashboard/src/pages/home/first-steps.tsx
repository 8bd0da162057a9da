import { useEnvironment, useList } from '../../api/environment.tsx';
import type { Connection, Message, Route, StripeEvent } from '../../api/types.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/layout.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Step, Steps } from '../../ui/steps.tsx';
import { Text } from '../../ui/text.tsx';

/** Five steps to the first mail; each is checked by what exists, not by a click. */
export function FirstSteps() {
  const { environment } = useEnvironment();
  const connections = useList<Connection>('/v1/connections');
  const events = useList<StripeEvent>('/v1/stripe_events', { query: { limit: 1 } });
  const routes = useList<Route>('/v1/emails/routes', { query: { limit: 100 } });
  const sent = useList<Message>('/v1/emails/messages', { query: { limit: 1, status: 'sent' } });
  const all = [connections, events, routes, sent];
  const broken = all.find((query) => query.isError && query.data === undefined);
  if (broken)
    return (
      <Panel title="First steps">
        {
          <ErrorState
            what="The steps could not be checked"
            error={broken.error}
            onRetry={() => all.forEach((query) => void query.refetch())}
          />
        }
      </Panel>
    );
  if (all.some((query) => query.data === undefined))
    return (
      <Panel title="First steps">
        <Skeleton lines={5} />
      </Panel>
    );
  const steps = stepsOf({
    connected: connections.data?.data.some(({ status }) => status === 'active' || status === 'degraded') ?? false,
    heard: (events.data?.data.length ?? 0) > 0,
    routed: routes.data?.data.some(({ off }) => !off) ?? false,
    sent: (sent.data?.data.length ?? 0) > 0,
    simulated: environment.clock.kind === 'simulated',
  });
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <Panel title="First steps" description={`${done} of ${steps.length} done`}>
      <Steps steps={steps} />
    </Panel>
  );
}

function stepsOf(a: { connected: boolean; heard: boolean; routed: boolean; sent: boolean; simulated: boolean }): Step[] {
  return [
    { id: 'sign-in', title: 'Sign in as the owner', done: true, body: null },
    {
      id: 'connect',
      title: 'Connect Stripe',
      done: a.connected,
      body: <Text tone="muted">By Stripe’s consent page, or with an API key.</Text>,
      action: (
        <ButtonLink to="/settings/integrations/stripe" variant="primary" size="sm">
          Connect Stripe
        </ButtonLink>
      ),
    },
    {
      id: 'event',
      title: 'Receive the first event',
      done: a.heard,
      body: <Text tone="muted">Make a customer or a subscription in Stripe. It appears in the event log within seconds.</Text>,
      action: (
        <ButtonLink to="/stripe/events" size="sm">
          Open the event log
        </ButtonLink>
      ),
    },
    {
      id: 'route',
      title: 'Turn on a mail',
      done: a.routed,
      body: <Text tone="muted">Seven lifecycle mails are written and ready. Read one, then route its event to it.</Text>,
      action: (
        <ButtonLink to="/emails/routes" size="sm">
          Open the routes
        </ButtonLink>
      ),
    },
    {
      id: 'mail',
      title: 'See the first mail',
      done: a.sent,
      body: (
        <Text tone="muted">
          {a.simulated
            ? 'Advance the clock above by a month: renewals, trials and payments write their mails.'
            : 'The next subscription, payment or refund writes it.'}
        </Text>
      ),
      action: (
        <ButtonLink to="/emails/messages" size="sm">
          Open the delivery log
        </ButtonLink>
      ),
    },
  ];
}
