import { AtSign, Plus } from 'lucide-react';
import { useState } from 'react';
import { useEnvironment, useList } from '../../../api/environment.tsx';
import type { Sender, Transport } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ListPanel } from '../../../ui/list-page.tsx';
import { Page } from '../../../ui/page.tsx';
import { Status } from '../../../ui/status.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Words } from '../../../ui/text.tsx';
import { AllowListPanel } from './allow-list.tsx';
import { SenderDialog } from './sender-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';
import { TransportsPanel } from './transports.tsx';

/** From whom mail comes, by which server it leaves, and whom a test environment may write to. */
export function SendersPage() {
  const { environment } = useEnvironment();
  const isSandbox = environment.mode === 'sandbox';
  const senders = useList<Sender>('/v1/emails/senders');
  const transports = useList<Transport>('/v1/emails/transports').data?.data ?? [];
  const [adding, setAdding] = useState(false);
  const [testing, setTesting] = useState<Sender | null>(null);
  const usable = transports.filter(({ kind }) => kind !== 'inbox' || environment.mode !== 'live');
  return (
    <Page
      title="Senders"
      description="From whom mail comes and by which server it leaves."
      actions={
        !isSandbox && (
          <Button variant="primary" icon={Plus} disabled={usable.length === 0} onClick={() => setAdding(true)}>
            Add a sender
          </Button>
        )
      }
    >
      {isSandbox && (
        <Callout title="A sandbox sends nothing">
          All of its mail is captured in the Mailbox. Add servers in a test or live environment.
        </Callout>
      )}
      <ListPanel
        label="Senders"
        query={senders}
        columns={columnsOf(transports, setTesting)}
        rowId={({ id }) => id}
        cursor={undefined}
        onPage={() => undefined}
        empty={
          <EmptyState icon={AtSign} title="No senders">
            Add a mail server first, then the address that mail comes from. A test mail proves that it arrives.
          </EmptyState>
        }
      />
      {!isSandbox && <TransportsPanel />}
      {environment.mode === 'test' && <AllowListPanel />}
      {adding && <SenderDialog transports={usable} onClose={() => setAdding(false)} />}
      {testing && <TestDialog sender={testing} onClose={() => setTesting(null)} />}
    </Page>
  );
}

function columnsOf(transports: Transport[], onTest: (sender: Sender) => void): Column<Sender>[] {
  const nameOf = (id: string | null) => transports.find((transport) => transport.id === id)?.name ?? '–';
  return [
    {
      id: 'address',
      header: 'From',
      grow: true,
      cell: (sender) => (
        <Words strong cut>
          {`${sender.from_name} <${sender.from_address}>`}
        </Words>
      ),
    },
    { id: 'status', header: 'Status', cell: (sender) => <Status kind="sender" value={sender.status} /> },
    { id: 'transport', header: 'Leaves by', from: 'md', cell: (sender) => <Words tone="muted">{nameOf(sender.transport_id)}</Words> },
    { id: 'default', header: '', from: 'lg', cell: (sender) => (sender.is_default ? <Words tone="subtle">default</Words> : '') },
    {
      id: 'test',
      header: '',
      align: 'right',
      cell: (sender) => (
        <Button size="sm" variant="ghost" aria-label={`Test ${sender.from_address}`} onClick={() => onTest(sender)}>
          Test
        </Button>
      ),
    },
  ];
}
