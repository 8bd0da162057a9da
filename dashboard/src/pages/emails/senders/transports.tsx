import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useList, useWrite } from '../../../api/environment.tsx';
import type { Transport } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Inline, Inset, Panel } from '../../../ui/layout.tsx';
import { RowList } from '../../../ui/row-list.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Status } from '../../../ui/status.tsx';
import { placeOf } from './place.ts';
import { TransportDialog } from './transport-dialog.tsx';

type Verdict = { ok: boolean; code: string | null; text: string | null };

/** The mail servers of the environment; each can be asked whether it takes us. */
export function TransportsPanel() {
  const transports = useList<Transport>('/v1/emails/transports');
  const [adding, setAdding] = useState(false);
  const verify = useWrite<string, Verdict>((api, id) => api.request('POST', `/v1/emails/transports/${id}/verify`, { body: {} }), {
    done: ({ ok, code, text }) => (ok ? 'The server takes us' : `The server does not take us: ${text ?? ''} (${code ?? ''})`),
    failed: 'The server was not asked',
  });
  return (
    <Panel
      title="Mail servers"
      description="Captured mail goes to the Mailbox and to nobody else."
      flush
      actions={
        <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
          Add a server
        </Button>
      }
    >
      {transports.data ? (
        <RowList
          label="Mail servers"
          items={transports.data.data.map((transport) => ({
            id: transport.id,
            title: transport.name,
            detail: placeOf(transport),
            end: (
              <Inline>
                <Status kind="transport" value={transport.status} />
                {transport.kind !== 'inbox' && (
                  <Button
                    size="sm"
                    variant="ghost"
                    aria-label={`Check ${transport.name}`}
                    busy={verify.isPending && verify.variables === transport.id}
                    onClick={() => verify.mutate(transport.id)}
                  >
                    Check
                  </Button>
                )}
              </Inline>
            ),
          }))}
        />
      ) : transports.error ? (
        <ErrorState what="The mail servers could not be loaded" error={transports.error} onRetry={() => void transports.refetch()} />
      ) : (
        <Inset>
          <Skeleton lines={2} />
        </Inset>
      )}
      {adding && <TransportDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}
