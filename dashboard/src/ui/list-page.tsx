import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Callout } from './callout.tsx';
import { ErrorState } from './error-state.tsx';
import { type Column, DataTable } from './table.tsx';

type ListQuery<T> = {
  data: { data: T[]; has_more: boolean; next_cursor: string | null } | undefined;
  error: unknown;
  isError: boolean;
  refetch(): unknown;
};

type Props<T> = {
  label: string;
  query: ListQuery<T>;
  columns: Column<T>[];
  rowId(row: T): string;
  open?: (row: T) => LinkProps;
  filters?: ReactNode;
  /** Shown where nothing exists; `filtered` says that filters are on and something else is shown. */
  empty: ReactNode;
  filtered?: boolean;
  onClearFilters?: () => void;
  cursor: string | undefined;
  onPage(cursor: string | undefined): void;
};

/** A list with its four states: loading, empty, failed, and old rows while a refresh fails. Pages are the server's. */
export function ListPanel<T extends object>(props: Props<T>) {
  const { label, query, columns, rowId, open, filters, cursor } = props;
  const rows = query.data?.data;
  return (
    <section className="min-w-0 rounded-lg border border-line bg-surface shadow-panel">
      {filters && <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 sm:px-5">{filters}</div>}
      {query.isError && rows !== undefined && <StaleNote onRetry={query.refetch} />}
      {query.isError && rows === undefined ? (
        <ErrorState what={`${label} could not be loaded`} error={query.error} onRetry={() => void query.refetch()} />
      ) : rows?.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <DataTable label={label} columns={columns} rows={rows} rowId={rowId} {...(open && { open })} />
      )}
      {rows !== undefined && (cursor !== undefined || query.data?.has_more === true) && <Pager {...props} />}
    </section>
  );
}

function StaleNote({ onRetry }: { onRetry(): unknown }) {
  return (
    <div className="p-3">
      <Callout
        tone="warn"
        title="These rows may be old: the last refresh failed"
        action={
          <Button size="sm" onClick={() => void onRetry()}>
            Try again
          </Button>
        }
      />
    </div>
  );
}

function Nothing<T>({ filtered = false, onClearFilters, empty, cursor, onPage }: Props<T>) {
  if (!filtered && cursor === undefined) return empty;
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <p className="text-base text-ink-2">{filtered ? 'Nothing matches these filters.' : 'There is nothing on this page.'}</p>
      <Button onClick={() => (filtered && onClearFilters ? onClearFilters() : onPage(undefined))}>
        {filtered ? 'Clear filters' : 'To the first page'}
      </Button>
    </div>
  );
}

function Pager<T>({ query, cursor, onPage }: Props<T>) {
  const next = query.data?.next_cursor ?? null;
  return (
    <nav aria-label="Pages" className="flex items-center justify-end gap-2 border-t border-line px-4 py-2.5 sm:px-5">
      <Button size="sm" disabled={cursor === undefined} onClick={() => onPage(undefined)}>
        First
      </Button>
      <Button size="sm" disabled={cursor === undefined} onClick={() => window.history.back()}>
        Previous
      </Button>
      <Button size="sm" disabled={next === null} onClick={() => next !== null && onPage(next)}>
        Next
      </Button>
    </nav>
  );
}
