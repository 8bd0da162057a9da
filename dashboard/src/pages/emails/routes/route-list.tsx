import { Split } from 'lucide-react';
import { useNames } from '../../../api/names.ts';
import { triggerTitle } from '../../../api/triggers.ts';
import type { Route, Trigger } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { When } from '../../../ui/date.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Status } from '../../../ui/status.tsx';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { Words } from '../../../ui/text.tsx';
import type { Cell } from './route-dialog.tsx';

/** The same routes, one per row. */
export function RouteList({ routes, triggers, onOpen }: { routes: Route[]; triggers: Trigger[]; onOpen(cell: Cell): void }) {
  const names = useNames();
  if (routes.length === 0)
    return (
      <EmptyState icon={Split} title="No routes yet">
        Choose a cell of the matrix to say which template an event uses.
      </EmptyState>
    );
  const where = (route: Route) =>
    names.price(route.stripe_price_id) ??
    names.product(route.stripe_product_id) ??
    route.stripe_price_id ??
    route.stripe_product_id ??
    'Everything';
  const columns: Column<Route>[] = [
    { id: 'event', header: 'Event', cell: (route) => <Words strong>{triggerTitle(route.trigger, triggers)}</Words> },
    { id: 'where', header: 'For', cell: (route) => <Words>{where(route)}</Words> },
    {
      id: 'template',
      header: 'Template',
      grow: true,
      from: 'sm',
      cell: (route) => (
        <Words tone="muted" cut>
          {names.template(route.template_id) ?? '–'}
        </Words>
      ),
    },
    { id: 'state', header: 'State', cell: (route) => <Status kind="switch" value={route.off ? 'off' : 'on'} /> },
    { id: 'since', header: 'Since', from: 'lg', cell: (route) => <When at={route.active_since} /> },
    {
      id: 'edit',
      header: '',
      align: 'right',
      cell: (route) => (
        <Button
          size="sm"
          variant="ghost"
          onClick={() =>
            onOpen({
              trigger: route.trigger,
              title: triggerTitle(route.trigger, triggers),
              key: { stripe_product_id: route.stripe_product_id, stripe_price_id: route.stripe_price_id },
              where: where(route),
              route,
            })
          }
        >
          Change
        </Button>
      ),
    },
  ];
  return <DataTable label="Routes" columns={columns} rows={routes} rowId={({ id }) => id} />;
}
