import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Monitor, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useRead } from '../../api/environment.tsx';
import type { CapturedMailDetail } from '../../api/types.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { When } from '../../ui/date.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Inline, Stack } from '../../ui/layout.tsx';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { MailHead } from '../../ui/mail-head.tsx';
import { NarrowOnly } from '../../ui/master-detail.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Column, DataTable } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Text, Words } from '../../ui/text.tsx';

type Header = { name: string; value: string };

const HEADERS: Column<Header>[] = [
  { id: 'name', header: 'Header', cell: ({ name }) => <Words strong>{name}</Words> },
  { id: 'value', header: 'Value', grow: true, cell: ({ value }) => <Words>{value}</Words> },
];
const PHONE = '320';
const WINDOW = '640';

/** One captured mail: as it looks, as text, as it came over the wire, its headers. */
export function MailReader({ id }: { id: string }) {
  const navigate = useNavigate({ from: '/mailbox' });
  const mail = useRead<CapturedMailDetail>(`/v1/mailbox/messages/${encodeURIComponent(id)}`, { every: false });
  const back = (
    <NarrowOnly>
      <Button
        icon={ArrowLeft}
        size="sm"
        variant="ghost"
        onClick={() => void navigate({ search: (before) => ({ ...before, mail: undefined }) })}
      >
        All mails
      </Button>
    </NarrowOnly>
  );
  const { data } = mail;
  if (!data)
    return (
      <Stack>
        {back}
        {mail.error ? (
          <ErrorState what="This mail could not be loaded" error={mail.error} onRetry={() => void mail.refetch()} />
        ) : (
          <Skeleton lines={6} />
        )}
      </Stack>
    );
  return (
    <Stack>
      {back}
      <Inline spread align="start">
        <MailHead from={data.from} to={data.to.join(', ')} subject={data.subject} />
        <Inline>
          <Text tone="subtle" size="sm">
            <When at={data.received_at} />
          </Text>
          {data.message_id !== null && (
            <ButtonLink size="sm" to="/emails/messages/$id" params={{ id: data.message_id }}>
              Why this mail
            </ButtonLink>
          )}
        </Inline>
      </Inline>
      <Views mail={data} />
    </Stack>
  );
}

/** As it looks, as text, as it came, its headers; which one is in the address. */
function Views({ mail: data }: { mail: CapturedMailDetail }) {
  const { view = 'html' } = useSearch({ from: '/shell/mailbox' });
  const navigate = useNavigate({ from: '/mailbox' });
  const [width, setWidth] = useState(WINDOW);
  const source = useRead<string>(`/v1/mailbox/messages/${encodeURIComponent(data.id)}/source`, {
    every: false,
    enabled: view === 'source',
  });
  return (
    <Tabs
      label="Views of the mail"
      value={view}
      onChange={(next) => void navigate({ search: (before) => ({ ...before, view: next }), replace: true })}
      beside={
        <Segmented
          label="Width"
          value={width}
          onChange={setWidth}
          choices={[
            { value: PHONE, label: 'Phone', icon: Smartphone },
            { value: WINDOW, label: 'Desktop', icon: Monitor },
          ]}
        />
      }
      items={[
        {
          value: 'html',
          label: 'HTML',
          content:
            data.html === null ? (
              <Text tone="muted">This mail has no HTML part.</Text>
            ) : (
              <MailFrame html={data.html} title="The captured mail" width={Number(width)} />
            ),
        },
        { value: 'text', label: 'Text', content: <Code text={data.text ?? ''} label="plain text" wrap /> },
        {
          value: 'source',
          label: 'Source',
          content: <Code text={source.data ?? (source.error?.message || 'Loading …')} label="source" wrap />,
        },
        {
          value: 'headers',
          label: 'Headers',
          content: <DataTable label="Headers" columns={HEADERS} rows={data.headers} rowId={({ name, value }) => `${name}:${value}`} />,
        },
      ]}
    />
  );
}
