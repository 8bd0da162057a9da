import { useParams } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { EVERY, useRead, useWrite } from '../../api/environment.tsx';
import type { StripeEventWithBody } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Code } from '../../ui/code.tsx';
import { When } from '../../ui/date.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Id } from '../../ui/id.tsx';
import { Panel } from '../../ui/layout.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { Facts, Text } from '../../ui/text.tsx';
import { VIA } from './via.ts';

const BACK = { label: 'Event log', link: { to: '/stripe/events' } } as const;

/** One event of Stripe's: what became of it, its raw text, and "do it again". */
export function StripeEventPage() {
  const { id } = useParams({ from: '/shell/stripe/events/$id' });
  const path = `/v1/stripe_events/${encodeURIComponent(id)}`;
  const event = useRead<StripeEventWithBody>(path, { every: EVERY.live });
  const replay = useWrite<void, unknown>((api) => api.request('POST', `${path}/replay`, { body: {} }), {
    done: 'The event is read again',
    failed: 'The event was not replayed',
  });
  const { data } = event;
  if (!data)
    return (
      <Page title="Event" back={BACK}>
        {event.error ? (
          <ErrorState what="This event could not be loaded" error={event.error} onRetry={() => void event.refetch()} />
        ) : (
          <Skeleton lines={6} />
        )}
      </Page>
    );
  return (
    <Page
      title={data.type}
      back={BACK}
      beside={<Status kind="stripe_event" value={data.status} />}
      actions={
        <Button icon={RotateCcw} busy={replay.isPending} onClick={() => replay.mutate()}>
          Replay
        </Button>
      }
    >
      {data.error !== null && data.error !== undefined && (
        <Callout
          tone={data.status === 'failed' ? 'warn' : 'bad'}
          title={data.status === 'failed' ? 'The last attempt failed; another follows' : 'It could not be handled'}
        >
          {errorText(data.error)}
        </Callout>
      )}
      <Panel title="What became of it">
        <Facts
          columns={3}
          items={[
            ['Event', <Id key="id" value={data.id} stripe />],
            ['Object', <Id key="object" value={data.object_id} stripe />],
            ['Outcome', data.outcome?.replaceAll('_', ' ') ?? '–'],
            ['Via', VIA[data.via] ?? data.via],
            ['Happened at Stripe', <When key="created" at={data.created_at} />],
            ['Received', <When key="received" at={data.received_at} />],
            ['Done', <When key="done" at={data.done_at} />],
            ['Attempts', String(data.attempts)],
            ['API version', data.api_version ?? '–'],
          ]}
        />
      </Panel>
      <Panel title="As Stripe sent it" description="A hint only: the object is read again from Stripe before anything changes.">
        {data.raw === null || data.raw === undefined ? (
          <Text tone="muted">The text is not kept any more.</Text>
        ) : (
          <Code text={rawText(data.raw)} label="event as JSON" />
        )}
      </Panel>
    </Page>
  );
}

function rawText(raw: unknown): string {
  return typeof raw === 'string' ? raw : JSON.stringify(raw, null, 2);
}

function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(error);
}
