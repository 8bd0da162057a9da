import { BellOff, Mail } from 'lucide-react';
import { type Names, useNames } from '../../../api/names.ts';
import type { Route, RouteTarget, Trigger } from '../../../api/types.ts';
import { Matrix, MatrixCell } from '../../../ui/matrix.tsx';
import { columnsOf, effectiveRoute } from './effective.ts';
import type { Cell } from './route-dialog.tsx';

type Props = { triggers: Trigger[]; routes: Route[]; targets: RouteTarget[]; onOpen(cell: Cell): void };

/** Events against products and prices: what holds where, and what is merely inherited. */
export function RouteMatrix({ triggers, routes, targets, onOpen }: Props) {
  const columns = columnsOf(targets);
  const names = useNames();
  return (
    <Matrix
      label="Routes by event and product"
      corner="Event"
      columns={columns}
      rows={triggers.map(({ trigger, title, description }) => ({ id: trigger, title, detail: description }))}
      cell={(row, column) => {
        const key = columns.find(({ id }) => id === column.id);
        if (!key) return null;
        const { route, inherited } = effectiveRoute(routes, row.id, key);
        const words = wordsOf(route, names);
        const shown = inherited && column.id !== 'everything' && route ? `as everything: ${words}` : words;
        return (
          <MatrixCell
            label={`${row.title}, ${column.title}: ${shown}. Change`}
            quiet={inherited || route === undefined || route.off}
            icon={route === undefined || inherited ? null : route.off ? <BellOff aria-hidden size={14} /> : <Mail aria-hidden size={14} />}
            onClick={() => onOpen({ trigger: row.id, title: row.title, key, where: column.title, route: inherited ? undefined : route })}
          >
            {shown}
          </MatrixCell>
        );
      }}
    />
  );
}

function wordsOf(route: Route | undefined, names: Names): string {
  if (route === undefined) return 'No mail';
  return route.off ? 'Off' : (names.template(route.template_id) ?? 'A template');
}
