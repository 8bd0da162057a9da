import { Link, type LinkProps } from '@tanstack/react-router';
import { type ColumnDef, tableFeatures, useTable } from '@tanstack/react-table';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { cn } from './cn.ts';
import { Announce, Bar } from './skeleton.tsx';

export type Column<T> = {
  id: string;
  header: string;
  cell(row: T): ReactNode;
  align?: 'left' | 'right';
  /** Left out on screens narrower than this. */
  from?: 'sm' | 'md' | 'lg' | 'xl';
  /** Takes the room that is left. */
  grow?: boolean;
  /** May take several lines instead of pushing the others away. */
  wrap?: boolean;
};

type Props<T> = {
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowId(row: T): string;
  /** Where a row leads: the first column becomes the link and the whole row can be pressed. */
  open?: (row: T) => LinkProps;
  /** Rows drawn while loading. */
  expected?: number;
};

const FROM = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden', xl: 'max-xl:hidden' };
const features = tableFeatures({});
const NOTHING: never[] = [];

/** Rows of one kind. Arrow keys move between rows, Enter opens; while `rows` is undefined the same table is drawn in grey. */
export function DataTable<T extends object>({ label, columns, rows, rowId, open, expected = 8 }: Props<T>) {
  const definitions = useMemo(
    () => columns.map((column) => ({ id: column.id, header: column.header }) as ColumnDef<typeof features, T>),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: rows ?? (NOTHING as T[]), getRowId: rowId });
  const loading = rows === undefined;
  return (
    <div className="overflow-x-auto">
      {loading && <Announce text={`Loading ${label}`} />}
      <table aria-label={label} aria-busy={loading} className="w-full border-collapse text-base">
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cn(
                  'h-9 px-3 text-left text-sm font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
                  place(column),
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {loading
            ? Array.from({ length: expected }, (_, index) => <GreyRow key={`grey-${String(index)}`} columns={columns} index={index} />)
            : table
                .getRowModel()
                .rows.map((row) => <Row key={row.id} row={row.original} columns={columns} {...(open && { link: open(row.original) })} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row<T>({ row, columns, link }: { row: T; columns: Column<T>[]; link?: LinkProps }) {
  return (
    <tr
      className={cn(
        'relative border-b border-line last:border-b-0',
        link && 'hover:bg-hover has-[[data-row-link]:focus-visible]:bg-accent-soft',
      )}
    >
      {columns.map((column, index) => (
        <td
          key={column.id}
          className={cn(
            'h-11 px-3 py-1.5 align-middle first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
            place(column),
            column.grow ? 'w-full max-w-0' : !column.wrap && 'whitespace-nowrap',
          )}
        >
          {index === 0 && link ? (
            <Link
              {...link}
              data-row-link
              className="block min-w-0 outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

function GreyRow<T>({ columns, index }: { columns: Column<T>[]; index: number }) {
  return (
    <tr className="border-b border-line last:border-b-0">
      {columns.map((column) => (
        <td key={column.id} className={cn('h-11 px-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5', place(column))}>
          <Bar width={column.grow ? `${60 - (index % 4) * 8}%` : '5rem'} />
        </td>
      ))}
    </tr>
  );
}

function place<T>(column: Column<T>): string {
  return cn(column.align === 'right' && 'text-right', column.from && FROM[column.from]);
}

/** Up and down go to the row above and below; the browser's own Enter opens the link. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
  const next = links[links.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
