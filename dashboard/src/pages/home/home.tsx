import { Mails } from 'lucide-react';
import { useEnvironment, useList } from '../../api/environment.tsx';
import { triggerTitle, useTriggers } from '../../api/triggers.ts';
import type { Connection, Message } from '../../api/types.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { When } from '../../ui/date.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Inset, Panel, Split, Stack } from '../../ui/layout.tsx';
import { Page } from '../../ui/page.tsx';
import { RowList } from '../../ui/row-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { AtAGlance } from './at-a-glance.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NeedsPerson } from './needs-person.tsx';

const RECENT = 6;

/** What needs a person, what to do first, and the latest mails. */
export function HomePage() {
  const { environment, me } = useEnvironment();
  const first = me.user?.name.split(' ')[0];
  return (
    <Page title={first ? `Hello, ${first}` : 'Home'} description={`What is going on in ${environment.name}.`}>
      <Split
        main={
          <Stack gap="lg">
            <NeedsPerson />
            <LatestMails />
          </Stack>
        }
        aside={
          <Stack gap="lg">
            <FirstSteps />
            <AtAGlance />
          </Stack>
        }
      />
    </Page>
  );
}

function LatestMails() {
  const messages = useList<Message>('/v1/emails/messages', { query: { limit: RECENT }, every: 4000 });
  const connections = useList<Connection>('/v1/connections');
  const triggers = useTriggers();
  const rows = messages.data?.data;
  return (
    <Panel
      title="Latest mails"
      flush
      actions={
        <ButtonLink to="/emails/messages" size="sm" variant="ghost">
          All messages
        </ButtonLink>
      }
    >
      {messages.isError && rows === undefined ? (
        <ErrorState what="The mails could not be loaded" error={messages.error} onRetry={() => void messages.refetch()} />
      ) : rows === undefined ? (
        <Inset>
          <Skeleton lines={4} />
        </Inset>
      ) : rows.length === 0 ? (
        <EmptyState icon={Mails} title="No mail yet">
          {connections.data?.data.length === 0
            ? 'Connect Stripe; the first subscription, renewal or payment then becomes a mail.'
            : 'Make a subscription in Stripe, or advance the clock: each lifecycle event that has a route becomes one mail.'}
        </EmptyState>
      ) : (
        <RowList
          label="Latest mails"
          items={rows.map((message) => ({
            id: message.id,
            title: message.subject ?? triggerTitle(message.trigger, triggers.data?.data),
            detail: (
              <>
                <When at={message.sent_at ?? message.created_at} /> · {message.to ?? triggerTitle(message.trigger, triggers.data?.data)}
              </>
            ),
            end: <Status kind="message" value={message.status} />,
            link: { to: '/emails/messages/$id', params: { id: message.id } },
          }))}
        />
      )}
    </Panel>
  );
}
