import { useNavigate, useSearch } from '@tanstack/react-router';
import { Webhook } from 'lucide-react';
import { useCallback } from 'react';
import { EVERY, useList } from '../../api/environment.tsx';
import type { StripeEvent } from '../../api/types.ts';
import { When } from '../../ui/date.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterText } from '../../ui/filters.tsx';
import { Id } from '../../ui/id.tsx';
import { ListPanel } from '../../ui/list-page.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Status, statusChoices } from '../../ui/status.tsx';
import type { Column } from '../../ui/table.tsx';
import { Words } from '../../ui/text.tsx';
import { VIA } from './via.ts';

const PAGE = 25;
const ALL = '';

const COLUMNS: Column<StripeEvent>[] = [
  {
    id: 'type',
    header: 'Event',
    grow: true,
    cell: (event) => (
      <Words strong cut>
        {event.type}
      </Words>
    ),
  },
  { id: 'status', header: 'Status', cell: (event) => <Status kind="stripe_event" value={event.status} /> },
  { id: 'object', header: 'Object', from: 'md', cell: (event) => <Id value={event.object_id} stripe /> },
  {
    id: 'outcome',
    header: 'Outcome',
    from: 'lg',
    cell: (event) => <Words tone="muted">{event.outcome?.replaceAll('_', ' ') ?? '–'}</Words>,
  },
  { id: 'via', header: 'Via', from: 'xl', cell: (event) => <Words tone="muted">{VIA[event.via] ?? event.via}</Words> },
  { id: 'at', header: 'Happened', align: 'right', from: 'sm', cell: (event) => <When at={event.created_at ?? event.received_at} /> },
];

/** Everything Stripe told us, what became of it, and a way to do it again. */
export function StripeEventsPage() {
  const { env: _env, cursor, ...filters } = useSearch({ from: '/shell/stripe/events' });
  const navigate = useNavigate({ from: '/stripe/events' });
  const events = useList<StripeEvent>('/v1/stripe_events', { query: { ...filters, cursor, limit: PAGE }, every: EVERY.live });
  const filter = useCallback(
    (change: Partial<typeof filters>) => void navigate({ search: (before) => ({ ...before, ...change, cursor: undefined }) }),
    [navigate],
  );
  const onType = useCallback((type: string | undefined) => filter({ type }), [filter]);
  const onObject = useCallback((objectId: string | undefined) => filter({ object_id: objectId }), [filter]);
  return (
    <Page title="Event log" description="Each event from Stripe is stored before it is answered, then read again at its source.">
      <ListPanel
        label="Events"
        query={events}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={({ id }) => ({ to: '/stripe/events/$id', params: { id } })}
        filters={
          <>
            <FilterText label="Type, e.g. invoice.paid" value={filters.type} onChange={onType} />
            <FilterText label="Object, e.g. in_…" value={filters.object_id} onChange={onObject} />
            <Select
              label="Status"
              compact
              prefix="Status"
              value={filters.status ?? ALL}
              choices={[{ value: ALL, label: 'any' }, ...statusChoices('stripe_event')]}
              onChange={(status) => filter({ status: status || undefined })}
            />
            <Select
              label="Via"
              compact
              prefix="Via"
              value={filters.via ?? ALL}
              choices={[{ value: ALL, label: 'any' }, ...Object.entries(VIA).map(([value, label]) => ({ value, label }))]}
              onChange={(via) => filter({ via: via || undefined })}
            />
          </>
        }
        filtered={Object.values(filters).some((value) => value !== undefined)}
        onClearFilters={() => void navigate({ search: ({ env }) => ({ env }) })}
        cursor={cursor}
        onPage={(next) => void navigate({ search: (before) => ({ ...before, cursor: next }) })}
        empty={
          <EmptyState icon={Webhook} title="No events yet">
            Once Stripe is connected, everything that happens in the account appears here within seconds, by webhook or by asking.
          </EmptyState>
        }
      />
    </Page>
  );
}
