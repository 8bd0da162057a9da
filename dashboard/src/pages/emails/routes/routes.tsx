import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useList } from '../../../api/environment.tsx';
import { useTargets, useTemplates } from '../../../api/names.ts';
import { useTriggers } from '../../../api/triggers.ts';
import type { Flow, Route } from '../../../api/types.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel, Stack } from '../../../ui/layout.tsx';
import { Page } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { LeadDays } from './lead-days.tsx';
import { ResolvePanel } from './resolve.tsx';
import { type Cell, RouteDialog } from './route-dialog.tsx';
import { RouteList } from './route-list.tsx';
import { RouteMatrix } from './route-matrix.tsx';

const ALL_AT_ONCE = 100;

/** Which event becomes which mail, for which product; and the proof for one customer. */
export function RoutesPage() {
  const { view = 'matrix' } = useSearch({ from: '/shell/emails/routes' });
  const navigate = useNavigate({ from: '/emails/routes' });
  const triggers = useTriggers();
  const routes = useList<Route>('/v1/emails/routes', { query: { limit: ALL_AT_ONCE } });
  const targets = useTargets();
  const templates = useTemplates();
  const flows = useList<Flow>('/v1/emails/flows', { query: { limit: ALL_AT_ONCE } });
  const [cell, setCell] = useState<Cell | null>(null);
  const needed = [triggers, routes, templates];
  const broken = needed.find(({ isError, data }) => isError && data === undefined);
  const loading = needed.some(({ data }) => data === undefined) || (targets.data === undefined && !targets.isError);
  const all = {
    triggers: triggers.data?.data ?? [],
    routes: routes.data?.data ?? [],
    targets: targets.data?.data ?? [],
    templates: templates.data ?? [],
  };
  return (
    <Page
      title="Routes"
      description="For each event the most specific route wins: price, then product, then everything. No route means no mail."
      actions={
        <Segmented
          label="View"
          value={view}
          onChange={(next) => void navigate({ search: (before) => ({ ...before, view: next }) })}
          choices={[
            { value: 'matrix', label: 'Matrix' },
            { value: 'list', label: 'List' },
          ]}
        />
      }
    >
      {broken ? (
        <Panel>
          <ErrorState
            what="The routes could not be loaded"
            error={broken.error}
            onRetry={() => needed.forEach((query) => void query.refetch())}
          />
        </Panel>
      ) : loading ? (
        <Panel>
          <Skeleton lines={7} />
        </Panel>
      ) : (
        <Stack gap="lg">
          <Panel flush>{view === 'list' ? <RouteList {...all} onOpen={setCell} /> : <RouteMatrix {...all} onOpen={setCell} />}</Panel>
          <ResolvePanel triggers={all.triggers} />
          <LeadDays flows={flows.data?.data ?? []} triggers={all.triggers} />
        </Stack>
      )}
      {cell !== null && <RouteDialog cell={cell} templates={all.templates} onClose={() => setCell(null)} />}
    </Page>
  );
}
