import { useList } from '../../api/environment.tsx';
import type { Connection, Message, StripeEvent } from '../../api/types.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel, Stack } from '../../ui/layout.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { connectionNeeds, countNeed, type Need } from './needs.ts';

const SAMPLE = 100;

/** The short list of what nobody but a person can settle, each with its fix. */
export function NeedsPerson() {
  const lists = [
    useList<Connection>('/v1/connections'),
    useList<Message>('/v1/emails/messages', { query: { status: 'refused', limit: SAMPLE } }),
    useList<Message>('/v1/emails/messages', { query: { status: 'unknown', limit: SAMPLE } }),
    useList<Message>('/v1/emails/messages', { query: { status: 'failed', limit: SAMPLE } }),
    useList<StripeEvent>('/v1/stripe_events', { query: { status: 'quarantined', limit: SAMPLE } }),
    useList<StripeEvent>('/v1/stripe_events', { query: { status: 'dead', limit: SAMPLE } }),
  ] as const;
  const [connections, refused, unknown, failed, quarantined, dead] = lists;
  const broken = lists.find((list) => list.isError && list.data === undefined);
  if (broken)
    return (
      <Panel title="Needs a person">
        <ErrorState
          what="It is not known what needs you"
          error={broken.error}
          onRetry={() => lists.forEach((list) => void list.refetch())}
        />
      </Panel>
    );
  if (lists.some((list) => list.data === undefined))
    return (
      <Panel title="Needs a person">
        <Skeleton lines={2} />
      </Panel>
    );
  const needs = [
    ...connectionNeeds(connections.data?.data ?? []),
    ...countNeed('refused', refused.data),
    ...countNeed('unknown', unknown.data),
    ...countNeed('failed', failed.data),
    ...countNeed('quarantined', quarantined.data),
    ...countNeed('dead', dead.data),
  ];
  if (needs.length === 0)
    return (
      <Callout tone="ok" title="Nothing waits for you">
        Refused mails, events that cannot be read and trouble with Stripe would be listed here, each with its fix.
      </Callout>
    );
  return (
    <Panel title="Needs a person">
      <Stack gap="sm">
        {needs.map((need) => (
          <NeedRow key={need.id} need={need} />
        ))}
      </Stack>
    </Panel>
  );
}

function NeedRow({ need }: { need: Need }) {
  return (
    <Callout
      tone={need.tone}
      title={need.title}
      action={
        <ButtonLink {...need.link} size="sm">
          {need.action}
        </ButtonLink>
      }
    >
      {need.detail}
    </Callout>
  );
}
