import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { ScrollBox } from './scroll-box.tsx';

export type MatrixColumn = { id: string; title: string; detail?: string };
export type MatrixRow = { id: string; title: string; detail?: string };

type Props = {
  label: string;
  corner: string;
  columns: MatrixColumn[];
  rows: MatrixRow[];
  cell(row: MatrixRow, column: MatrixColumn): ReactNode;
};

/** Rows against columns; the first column stays while the rest scrolls. */
export function Matrix({ label, corner, columns, rows, cell }: Props) {
  return (
    <ScrollBox label={label} look="overflow-x-auto outline-offset-[-2px]">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky left-0 z-1 w-72 min-w-36 border-r border-b border-line bg-surface px-4 py-2 text-left align-bottom font-medium text-ink-3 sm:min-w-52 sm:px-5"
            >
              {corner}
            </th>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className="min-w-44 border-b border-line px-3 py-2 text-left align-bottom font-medium text-ink"
              >
                {column.title}
                {column.detail && <span className="block text-xs font-normal text-ink-3">{column.detail}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id}>
              <th
                scope="row"
                className={cn(
                  'sticky left-0 z-1 border-r border-line bg-surface px-4 py-2 text-left font-medium text-ink sm:px-5',
                  index < rows.length - 1 && 'border-b',
                )}
              >
                {row.title}
                {row.detail && <span className="block text-xs font-normal text-ink-3 max-sm:hidden">{row.detail}</span>}
              </th>
              {columns.map((column) => (
                <td key={column.id} className={cn('border-line px-1.5 py-1.5', index < rows.length - 1 && 'border-b')}>
                  {cell(row, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** A cell that can be pressed: what holds here, or quietly what is inherited. */
export function MatrixCell({
  label,
  quiet,
  icon,
  children,
  ...rest
}: {
  label: string;
  quiet: boolean;
  icon?: ReactNode;
  children: ReactNode;
  onClick(): void;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      {...rest}
      className={cn(
        'flex min-h-8 w-full items-center gap-1.5 rounded-md px-2 py-1 text-left hover:bg-hover',
        quiet ? 'text-ink-3' : 'font-medium text-ink',
      )}
    >
      {icon}
      <span className="line-clamp-2">{children}</span>
    </button>
  );
}
