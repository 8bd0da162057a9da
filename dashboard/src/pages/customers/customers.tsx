import { useNavigate, useSearch } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { useCallback } from 'react';
import { useList } from '../../api/environment.tsx';
import type { Customer } from '../../api/types.ts';
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

const PAGE = 25;
const ALL = '';

const COLUMNS: Column<Customer>[] = [
  {
    id: 'name',
    header: 'Customer',
    grow: true,
    cell: (customer) => (
      <>
        <Words strong cut>
          {customer.name ?? customer.email ?? 'No name'}
        </Words>
        <Words tone="muted" size="sm" cut>
          {customer.email ?? 'No e-mail address'}
        </Words>
      </>
    ),
  },
  { id: 'status', header: 'Status', from: 'sm', cell: (customer) => <Status kind="customer" value={customer.status} /> },
  { id: 'stripe', header: 'In Stripe', from: 'md', cell: (customer) => <Id value={customer.billing_id} stripe /> },
  { id: 'created', header: 'Since', align: 'right', cell: (customer) => <When at={customer.created_at} show="date" /> },
];

/** Everybody who pays, as mirrored from Stripe. */
export function CustomersPage() {
  const { env: _env, cursor, ...filters } = useSearch({ from: '/shell/customers' });
  const navigate = useNavigate({ from: '/customers' });
  const customers = useList<Customer>('/v1/customers', { query: { ...filters, cursor, limit: PAGE } });
  const onEmail = useCallback(
    (email: string | undefined) => void navigate({ search: (before) => ({ ...before, email, cursor: undefined }) }),
    [navigate],
  );
  return (
    <Page title="Customers" description="As they are in Stripe, newest first.">
      <ListPanel
        label="Customers"
        query={customers}
        columns={COLUMNS}
        rowId={({ id }) => id}
        open={({ id }) => ({ to: '/customers/$id', params: { id } })}
        filters={
          <>
            <FilterText label="E-mail address" value={filters.email} onChange={onEmail} />
            <Select
              label="Status"
              compact
              prefix="Status"
              value={filters.status ?? ALL}
              choices={[{ value: ALL, label: 'any' }, ...statusChoices('customer')]}
              onChange={(status) => void navigate({ search: (before) => ({ ...before, status: status || undefined, cursor: undefined }) })}
            />
          </>
        }
        filtered={Object.values(filters).some((value) => value !== undefined)}
        onClearFilters={() => void navigate({ search: ({ env }) => ({ env }) })}
        cursor={cursor}
        onPage={(next) => void navigate({ search: (before) => ({ ...before, cursor: next }) })}
        empty={
          <EmptyState icon={Users} title="No customers yet">
            Customers of the connected Stripe account appear here, with their subscriptions, invoices and mails.
          </EmptyState>
        }
      />
    </Page>
  );
}
