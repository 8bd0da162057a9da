import { useParams } from '@tanstack/react-router';
import { useRead } from '../../api/environment.tsx';
import type { Customer } from '../../api/types.ts';
import { When } from '../../ui/date.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Id } from '../../ui/id.tsx';
import { Panel, Split, Stack } from '../../ui/layout.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { Facts } from '../../ui/text.tsx';
import { InvoicesOf, MessagesOf, SubscriptionsOf } from './related.tsx';

const BACK = { label: 'Customers', link: { to: '/customers' } } as const;

/** One customer: who it is, what they have, what was billed, what was written to them. */
export function CustomerPage() {
  const { id } = useParams({ from: '/shell/customers/$id' });
  const customer = useRead<Customer>(`/v1/customers/${encodeURIComponent(id)}`);
  const { data } = customer;
  if (!data)
    return (
      <Page title="Customer" back={BACK}>
        {customer.error ? (
          <ErrorState what="This customer could not be loaded" error={customer.error} onRetry={() => void customer.refetch()} />
        ) : (
          <Skeleton lines={6} />
        )}
      </Page>
    );
  return (
    <Page title={data.name ?? data.email ?? 'Customer'} back={BACK} beside={<Status kind="customer" value={data.status} />}>
      <Split
        main={
          <Stack>
            <SubscriptionsOf customer={data.id} />
            <InvoicesOf customer={data.id} />
            <MessagesOf customer={data.id} />
          </Stack>
        }
        aside={
          <Panel title="About">
            <Facts columns={1} items={aboutOf(data)} />
          </Panel>
        }
      />
    </Page>
  );
}

function aboutOf(customer: Customer): [string, React.ReactNode][] {
  const { payment_method: card, currency } = customer;
  return [
    ['E-mail', customer.email ?? 'None: no mail can be sent'],
    ['In Stripe', <Id key="stripe" value={customer.billing_id} stripe />],
    [
      'Pays with',
      card === null
        ? 'Nothing saved'
        : [card.brand ?? card.type, card.last4 && `•••• ${card.last4}`, card.exp_month && `${card.exp_month}/${card.exp_year}`]
            .filter(Boolean)
            .join(' '),
    ],
    ['Balance', currency === null ? '–' : <Money key="balance" amount={customer.balance_amount} currency={currency} />],
    ['Language', customer.locale ?? '–'],
    ['Time zone', customer.time_zone ?? '–'],
    ['Since', <When key="since" at={customer.created_at} />],
    ['Id', <Id key="id" value={customer.id} />],
  ];
}
