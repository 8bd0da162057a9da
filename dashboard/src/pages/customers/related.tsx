import type { UseQueryResult } from '@tanstack/react-query';
import type { LinkProps } from '@tanstack/react-router';
import { EVERY, useList } from '../../api/environment.tsx';
import { triggerTitle, useTriggers } from '../../api/triggers.ts';
import type { Invoice, Message, Page, Subscription } from '../../api/types.ts';
import { When } from '../../ui/date.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Id } from '../../ui/id.tsx';
import { Panel, Stack } from '../../ui/layout.tsx';
import { Money } from '../../ui/money.tsx';
import { Status } from '../../ui/status.tsx';
import { type Column, DataTable } from '../../ui/table.tsx';
import { Text, Words } from '../../ui/text.tsx';
import { invoiceStatus } from './invoice-status.ts';

const SHOWN = 20;

const SUBSCRIPTIONS: Column<Subscription>[] = [
  { id: 'id', header: 'Subscription', grow: true, cell: (one) => <Id value={one.billing_id ?? one.id} stripe={one.billing_id !== null} /> },
  { id: 'status', header: 'Status', cell: (one) => <Status kind="subscription" value={one.status} /> },
  { id: 'next', header: 'Next', align: 'right', cell: (one) => <Next subscription={one} /> },
];

function Next({
  subscription: { ended_at: ended, cancel_at: cancel, trial_end: trial, period_end: period, status },
}: {
  subscription: Subscription;
}) {
  const [word, at] = ended
    ? ['ended', ended]
    : cancel
      ? ['ends', cancel]
      : status === 'in_trial'
        ? ['trial ends', trial]
        : ['renews', period];
  return (
    <Words tone="muted">
      {word} <When at={at} show="date" />
    </Words>
  );
}

export function SubscriptionsOf({ customer }: { customer: string }) {
  const query = useList<Subscription>('/v1/subscriptions', { query: { customer, limit: SHOWN } });
  return <Related title="Subscriptions" nothing="No subscription." query={query} columns={SUBSCRIPTIONS} rowId={({ id }) => id} />;
}

const INVOICES: Column<Invoice>[] = [
  { id: 'number', header: 'Invoice', grow: true, cell: (one) => <Words strong>{one.number ?? 'Draft'}</Words> },
  { id: 'status', header: 'Status', cell: (one) => <Status kind="invoice" value={invoiceStatus(one)} /> },
  { id: 'date', header: 'Date', from: 'sm', cell: (one) => <When at={one.issued_at ?? one.created_at} show="date" /> },
  { id: 'amount', header: 'Amount', align: 'right', cell: (one) => <Money amount={one.total_amount} currency={one.currency} /> },
];

export function InvoicesOf({ customer }: { customer: string }) {
  const query = useList<Invoice>('/v1/invoices', { query: { customer, limit: SHOWN } });
  return <Related title="Invoices" nothing="No invoice." query={query} columns={INVOICES} rowId={({ id }) => id} />;
}

export function MessagesOf({ customer }: { customer: string }) {
  const query = useList<Message>('/v1/emails/messages', { query: { customer, limit: SHOWN }, every: EVERY.live });
  const triggers = useTriggers().data?.data;
  const columns: Column<Message>[] = [
    {
      id: 'subject',
      header: 'Mail',
      grow: true,
      cell: (one) => (
        <Words strong cut>
          {one.subject ?? triggerTitle(one.trigger, triggers)}
        </Words>
      ),
    },
    { id: 'status', header: 'Status', cell: (one) => <Status kind="message" value={one.status} /> },
    { id: 'at', header: 'When', align: 'right', from: 'sm', cell: (one) => <When at={one.sent_at ?? one.created_at} /> },
  ];
  return (
    <Related
      title="Mails"
      nothing="No mail was written to this customer."
      query={query}
      columns={columns}
      rowId={({ id }) => id}
      open={({ id }) => ({ to: '/emails/messages/$id', params: { id } })}
    />
  );
}

type Props<T> = {
  title: string;
  nothing: string;
  query: UseQueryResult<Page<T>>;
  columns: Column<T>[];
  rowId(row: T): string;
  open?: (row: T) => LinkProps;
};

function Related<T extends object>({ title, nothing, query, columns, rowId, open }: Props<T>) {
  const rows = query.data?.data;
  if (query.isError && rows === undefined)
    return (
      <Panel title={title}>
        <ErrorState what="This could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  if (rows?.length === 0)
    return (
      <Panel title={title}>
        <Text tone="muted">{nothing}</Text>
      </Panel>
    );
  return (
    <Panel title={title} flush>
      <Stack gap="none">
        <DataTable label={title} columns={columns} rows={rows} rowId={rowId} expected={2} {...(open && { open })} />
      </Stack>
    </Panel>
  );
}
