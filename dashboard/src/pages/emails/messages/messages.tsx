import { useNavigate, useSearch } from '@tanstack/react-router';
import { Mails } from 'lucide-react';
import { useCallback } from 'react';
import { EVERY, useList } from '../../../api/environment.tsx';
import { type Names, useNames, useTargets } from '../../../api/names.ts';
import { triggerTitle, useTriggers } from '../../../api/triggers.ts';
import type { Message } from '../../../api/types.ts';
import { When } from '../../../ui/date.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterText } from '../../../ui/filters.tsx';
import { ListPanel } from '../../../ui/list-page.tsx';
import { Page } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { Status, statusChoices } from '../../../ui/status.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Words } from '../../../ui/text.tsx';

const PAGE = 25;
const ALL = '';

/** The delivery log: every mail with what became of it, also those that were held, refused or canceled. */
export function MessagesPage() {
  const { env: _env, ...search } = useSearch({ from: '/shell/emails/messages' });
  const navigate = useNavigate({ from: '/emails/messages' });
  const messages = useList<Message>('/v1/emails/messages', { query: { ...search, limit: PAGE }, every: EVERY.live });
  const triggers = useTriggers().data?.data;
  const names = useNames();
  const filter = useCallback(
    (change: Partial<typeof search>) => void navigate({ search: (before) => ({ ...before, ...change, cursor: undefined }) }),
    [navigate],
  );
  const columns: Column<Message>[] = [
    {
      id: 'mail',
      header: 'Mail',
      grow: true,
      cell: (message) => <MailCell message={message} title={triggerTitle(message.trigger, triggers)} names={names} />,
    },
    { id: 'status', header: 'Status', cell: (message) => <Status kind="message" value={message.status} /> },
    { id: 'event', header: 'Event', from: 'md', cell: (message) => <Words tone="muted">{triggerTitle(message.trigger, triggers)}</Words> },
    {
      id: 'product',
      header: 'Product',
      from: 'xl',
      cell: (message) => <Words tone="muted">{names.product(message.stripe_product_id) ?? '–'}</Words>,
    },
    { id: 'at', header: 'When', align: 'right', from: 'sm', cell: (message) => <When at={message.sent_at ?? message.created_at} /> },
  ];
  const { cursor, ...filters } = search;
  return (
    <Page title="Messages" description="Every mail Billow wrote or decided not to send, newest first.">
      <ListPanel
        label="Messages"
        query={messages}
        columns={columns}
        rowId={({ id }) => id}
        open={({ id }) => ({ to: '/emails/messages/$id', params: { id } })}
        filters={<Filters filters={filters} onFilter={filter} />}
        filtered={Object.values(filters).some((value) => value !== undefined)}
        onClearFilters={() => void navigate({ search: ({ env }) => ({ env }) })}
        cursor={cursor}
        onPage={(next) => void navigate({ search: (before) => ({ ...before, cursor: next }) })}
        empty={
          <EmptyState icon={Mails} title="No mail yet">
            When a subscription starts, renews, fails or ends, and a route is on for it, its mail is listed here with everything that led to
            it.
          </EmptyState>
        }
      />
    </Page>
  );
}

function MailCell({ message, title, names }: { message: Message; title: string; names: Names }) {
  return (
    <>
      <Words strong cut>
        {message.subject ?? title}
      </Words>
      <Words tone="muted" size="sm" cut>
        {[names.customer(message.customer_id), message.to].filter(Boolean).join(' · ') || 'No address'}
      </Words>
    </>
  );
}

type FilterValues = { [K in 'customer' | 'trigger' | 'status' | 'product' | 'plan']?: string | undefined };

function Filters({ filters, onFilter }: { filters: FilterValues; onFilter(change: FilterValues): void }) {
  const triggers = useTriggers().data?.data ?? [];
  const targets = useTargets().data?.data ?? [];
  const prices = targets.find(({ stripe_product_id: id }) => id === filters.product)?.prices ?? [];
  const onCustomer = useCallback((customer: string | undefined) => onFilter({ customer }), [onFilter]);
  return (
    <>
      <FilterText label="Customer or Stripe id" value={filters.customer} onChange={onCustomer} />
      <Select
        label="Status"
        compact
        prefix="Status"
        value={filters.status ?? ALL}
        choices={[{ value: ALL, label: 'any' }, ...statusChoices('message')]}
        onChange={(status) => onFilter({ status: status || undefined })}
      />
      <Select
        label="Event"
        compact
        prefix="Event"
        value={filters.trigger ?? ALL}
        choices={[{ value: ALL, label: 'any' }, ...triggers.map(({ trigger, title }) => ({ value: trigger, label: title }))]}
        onChange={(trigger) => onFilter({ trigger: trigger || undefined })}
      />
      {targets.length > 0 && (
        <Select
          label="Product"
          compact
          prefix="Product"
          value={filters.product ?? ALL}
          choices={[{ value: ALL, label: 'any' }, ...targets.map((target) => ({ value: target.stripe_product_id, label: target.name }))]}
          onChange={(product) => onFilter({ product: product || undefined, plan: undefined })}
        />
      )}
      {prices.length > 0 && (
        <Select
          label="Price"
          compact
          prefix="Price"
          value={filters.plan ?? ALL}
          choices={[{ value: ALL, label: 'any' }, ...prices.map((price) => ({ value: price.stripe_price_id, label: price.name }))]}
          onChange={(plan) => onFilter({ plan: plan || undefined })}
        />
      )}
    </>
  );
}
