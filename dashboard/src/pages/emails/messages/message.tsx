import { useParams } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import { useMemo, useState } from 'react';
import { EVERY, useRead } from '../../../api/environment.tsx';
import { triggerTitle, useTriggers } from '../../../api/triggers.ts';
import type { MessageDetail, ProvenancePiece } from '../../../api/types.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Code } from '../../../ui/code.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel, Split, Stack } from '../../../ui/layout.tsx';
import { MailFrame } from '../../../ui/mail-frame.tsx';
import { MailHead } from '../../../ui/mail-head.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Status } from '../../../ui/status.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { FactCard, FactTable } from './facts.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageFacts } from './message-facts.tsx';
import { MessageTimeline } from './message-timeline.tsx';
import { shownPieces } from './shown-pieces.ts';

const BACK = { label: 'Messages', link: { to: '/emails/messages' } } as const;
/** From these a mail may still move on by itself. */
const MOVING = new Set(['planned', 'held', 'ready', 'sending', 'sent', 'unknown']);

/** One mail: as it was sent, where each fact came from, how it came to be, why this text. */
export function MessagePage() {
  const { id } = useParams({ from: '/shell/emails/messages/$id' });
  const message = useRead<MessageDetail>(`/v1/emails/messages/${encodeURIComponent(id)}`, { every: EVERY.live });
  const triggers = useTriggers().data?.data;
  if (message.data) return <Loaded message={message.data} title={message.data.subject ?? triggerTitle(message.data.trigger, triggers)} />;
  return (
    <Page title="Message" back={BACK}>
      {message.error ? (
        <ErrorState what="This message could not be loaded" error={message.error} onRetry={() => void message.refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Page>
  );
}

function Loaded({ message, title }: { message: MessageDetail; title: string }) {
  const provenance = useRead<{ data: ProvenancePiece[] }>(`/v1/emails/messages/${encodeURIComponent(message.id)}/provenance`, {
    enabled: message.html !== null,
    every: MOVING.has(message.status) ? EVERY.calm : false,
  });
  return (
    <Page
      title={title}
      back={BACK}
      beside={<Status kind="message" value={message.status} />}
      actions={<MessageActions message={message} />}
    >
      {message.reason !== null && <Reason status={message.status} reason={message.reason} />}
      <Split
        main={<Mail message={message} pieces={provenance.data?.data ?? []} />}
        aside={
          <Stack>
            <Panel title="What happened">
              <MessageTimeline rows={message.timeline} />
            </Panel>
            <Panel title="About">
              <MessageFacts message={message} />
            </Panel>
          </Stack>
        }
      />
    </Page>
  );
}

function Reason({ status, reason }: { status: string; reason: string }) {
  const tone = status === 'refused' || status === 'failed' || status === 'bounced' || status === 'complained' ? 'bad' : 'info';
  const titles: Record<string, string> = {
    refused: 'Nothing was sent: a fact is missing or wrong',
    held: 'This mail waits',
    suppressed: 'Nothing was sent: the address is suppressed',
    canceled: 'This mail is no longer needed',
    expired: 'This mail became too old to send',
    unknown: 'The transport gave no clear answer',
  };
  return (
    <Callout tone={tone} title={titles[status] ?? 'Why it ended this way'}>
      {reason.replaceAll('_', ' ')}
    </Callout>
  );
}

function Mail({ message, pieces }: { message: MessageDetail; pieces: ProvenancePiece[] }) {
  const [view, setView] = useState('html');
  const marks = useMemo(
    () => shownPieces(message.html ?? '', pieces).map((piece) => ({ text: piece.text, card: <FactCard piece={piece} /> })),
    [message.html, pieces],
  );
  if (message.html === null && message.text === null)
    return (
      <Panel>
        <EmptyState icon={FileText} title="There is no text yet">
          The mail is written right before it is sent, from facts read at that moment.
        </EmptyState>
      </Panel>
    );
  return (
    <Panel>
      <Stack>
        <MailHead to={message.to} subject={message.subject} />
        <Tabs
          label="Views of the mail"
          value={view}
          onChange={setView}
          items={[
            {
              value: 'html',
              label: 'As sent',
              content: message.html === null ? null : <MailFrame html={message.html} title="The mail as it was sent" marks={marks} />,
            },
            { value: 'text', label: 'Text', content: <Code text={message.text ?? ''} label="plain text" wrap /> },
            { value: 'facts', label: `Facts (${pieces.length})`, content: <FactTable pieces={pieces} /> },
          ]}
        />
      </Stack>
    </Panel>
  );
}
