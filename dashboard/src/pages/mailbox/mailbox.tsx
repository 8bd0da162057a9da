import { useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox, Trash2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { EVERY, useList, useWrite } from '../../api/environment.tsx';
import { triggerTitle, useTriggers } from '../../api/triggers.ts';
import type { CapturedMail } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { When } from '../../ui/date.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterText } from '../../ui/filters.tsx';
import { Inset, Stack } from '../../ui/layout.tsx';
import { ListBar, MailList, MasterDetail } from '../../ui/master-detail.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text } from '../../ui/text.tsx';
import { MailReader } from './mail-reader.tsx';

const PAGE = 50;
const ALL = '';

/** Captured mail: everything that would have gone to a customer, and what your own app sends to our SMTP port. */
export function MailboxPage() {
  const [emptying, setEmptying] = useState(false);
  const clear = useWrite<void, unknown>((api) => api.request('DELETE', '/v1/mailbox/messages'), {
    done: 'The Mailbox is empty',
    failed: 'The Mailbox was not emptied',
    onDone: () => setEmptying(false),
  });
  const { mail } = useSearch({ from: '/shell/mailbox' });
  return (
    <Page
      title="Mailbox"
      width="full"
      description="Mail ends here instead of at real people."
      actions={
        <Button icon={Trash2} onClick={() => setEmptying(true)}>
          Empty
        </Button>
      }
    >
      <MasterDetail
        chosen={mail !== undefined}
        list={<List />}
        detail={mail === undefined ? <Text tone="subtle">Choose a mail to read it.</Text> : <MailReader key={mail} id={mail} />}
      />
      <Confirm
        open={emptying}
        onOpenChange={setEmptying}
        title="Empty the Mailbox?"
        action="Empty it"
        busy={clear.isPending}
        onConfirm={() => clear.mutate()}
      >
        <Text tone="muted">The captured copies are deleted. The delivery log keeps what was sent.</Text>
      </Confirm>
    </Page>
  );
}

function List() {
  const { env: _env, mail, view: _view, cursor, ...filters } = useSearch({ from: '/shell/mailbox' });
  const navigate = useNavigate({ from: '/mailbox' });
  const mails = useList<CapturedMail>('/v1/mailbox/messages', { query: { ...filters, cursor, limit: PAGE }, every: EVERY.live });
  const triggers = useTriggers().data?.data ?? [];
  const rows = mails.data?.data;
  const onTo = useCallback(
    (to: string | undefined) => void navigate({ search: (before) => ({ ...before, to, cursor: undefined }) }),
    [navigate],
  );
  const next = mails.data?.next_cursor ?? undefined;
  return (
    <Stack gap="none">
      <ListBar>
        <FilterText label="To" value={filters.to} onChange={onTo} />
        <Select
          label="Event"
          compact
          prefix="Event"
          value={filters.trigger ?? ALL}
          choices={[{ value: ALL, label: 'any' }, ...triggers.map((one) => ({ value: one.trigger, label: one.title }))]}
          onChange={(trigger) => void navigate({ search: (before) => ({ ...before, trigger: trigger || undefined, cursor: undefined }) })}
        />
      </ListBar>
      {mails.isError && rows === undefined ? (
        <ErrorState what="The Mailbox could not be loaded" error={mails.error} onRetry={() => void mails.refetch()} />
      ) : rows === undefined ? (
        <Inset>
          <Skeleton lines={6} />
        </Inset>
      ) : rows.length === 0 ? (
        <EmptyState icon={Inbox} title={filters.to || filters.trigger ? 'Nothing matches' : 'No mail yet'}>
          {filters.to || filters.trigger
            ? 'Try without the filters.'
            : 'Advance the clock, or make something happen in Stripe; its mail lands here.'}
        </EmptyState>
      ) : (
        <MailList
          rows={rows.map((one) => ({
            id: one.id,
            who: one.to.join(', ') || 'Nobody',
            subject: one.subject ?? triggerTitle(one.trigger ?? 'No subject', triggers),
            when: <When at={one.received_at} />,
            chosen: one.id === mail,
          }))}
          onOpen={(id) => void navigate({ search: (before) => ({ ...before, mail: id }) })}
        />
      )}
      <Older cursor={cursor} next={next} />
    </Stack>
  );
}

function Older({ cursor, next }: { cursor: string | undefined; next: string | undefined }) {
  const navigate = useNavigate({ from: '/mailbox' });
  if (cursor === undefined && next === undefined) return null;
  const go = (to: string | undefined) => void navigate({ search: (before) => ({ ...before, cursor: to }) });
  return (
    <ListBar>
      <Button size="sm" disabled={cursor === undefined} onClick={() => go(undefined)}>
        Newest
      </Button>
      <Button size="sm" disabled={next === undefined} onClick={() => go(next)}>
        Older
      </Button>
    </ListBar>
  );
}
