import { FileSearch } from 'lucide-react';
import type { ProvenancePiece } from '../../../api/types.ts';
import { Mono } from '../../../ui/code.tsx';
import { When } from '../../../ui/date.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Id } from '../../../ui/id.tsx';
import { Stack } from '../../../ui/layout.tsx';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { Facts, Subheading, Words } from '../../../ui/text.tsx';

/** What stands behind a piece of the mail: object, field, event, time. */
export function FactCard({ piece }: { piece: ProvenancePiece }) {
  return (
    <Stack gap="sm">
      <Subheading>{piece.path}</Subheading>
      <Facts
        columns={1}
        items={[
          ['Read from', `${piece.object} · ${piece.field}`],
          ['Object', piece.object_id],
          ...(piece.event_id === null ? [] : [['Because of', piece.event_id] as [string, string]]),
          ['Read', <When key="at" at={piece.read_at} />],
        ]}
      />
    </Stack>
  );
}

const COLUMNS: Column<ProvenancePiece>[] = [
  { id: 'text', header: 'In the mail', grow: true, cell: (piece) => <Words cut>{piece.text}</Words> },
  { id: 'path', header: 'Fact', cell: (piece) => <Mono>{piece.path}</Mono> },
  { id: 'field', header: 'Read from', from: 'md', cell: (piece) => <Words tone="muted">{`${piece.object}.${piece.field}`}</Words> },
  { id: 'id', header: 'Object', from: 'lg', cell: (piece) => <Id value={piece.object_id} stripe={isStripe(piece.object_id)} /> },
];

/** The same for everything in the mail, as a list. */
export function FactTable({ pieces }: { pieces: ProvenancePiece[] }) {
  if (pieces.length === 0)
    return (
      <EmptyState icon={FileSearch} title="No facts are recorded">
        Each amount, date, name and link of a mail is listed here with its source once the mail is written.
      </EmptyState>
    );
  return (
    <DataTable
      label="Facts of this mail"
      columns={COLUMNS}
      rows={unique(pieces)}
      rowId={(piece) => `${piece.part}-${piece.offset}-${piece.path}`}
    />
  );
}

/** A fact that stands in several parts (subject, html, text) is listed once. */
function unique(pieces: ProvenancePiece[]): ProvenancePiece[] {
  const seen = new Map(pieces.map((piece) => [`${piece.path} ${piece.text} ${piece.object_id}`, piece]));
  return [...seen.values()];
}

export function isStripe(id: string | null): boolean {
  return id !== null && /^(cus|sub|in|pi|ch|re|prod|price|evt|si|pm|txn|acct)_[A-Za-z0-9]/.test(id) && !/_01[0-9a-z]{24}$/.test(id);
}
