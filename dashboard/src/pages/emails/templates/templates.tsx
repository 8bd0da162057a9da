import { LayoutTemplate } from 'lucide-react';
import { useTemplates } from '../../../api/names.ts';
import { triggerTitle, useTriggers } from '../../../api/triggers.ts';
import type { TemplateWithVersions as Template, Version as VersionSummary } from '../../../api/types.ts';
import { When } from '../../../ui/date.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Inline } from '../../../ui/layout.tsx';
import { ListPanel } from '../../../ui/list-page.tsx';
import { Page } from '../../../ui/page.tsx';
import { Status } from '../../../ui/status.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Words } from '../../../ui/text.tsx';
import { slotsOf, versionsOf } from './choose-version.ts';

/** The texts, by event; which are published and which have a draft. */
export function TemplatesPage() {
  const { data, ...templates } = useTemplates();
  const triggers = useTriggers().data?.data;
  const columns: Column<Template>[] = [
    {
      id: 'name',
      header: 'Template',
      grow: true,
      cell: (template) => (
        <>
          <Words strong cut>
            {template.name}
          </Words>
          <Words tone="muted" size="sm" cut>
            {first(template.versions)?.subject ?? 'Nothing written yet'}
          </Words>
        </>
      ),
    },
    {
      id: 'trigger',
      header: 'Event',
      from: 'md',
      cell: (template) => <Words tone="muted">{triggerTitle(template.trigger, triggers)}</Words>,
    },
    {
      id: 'locales',
      header: 'Languages',
      from: 'lg',
      cell: (template) => <Words tone="muted">{localesOf(template.versions) || '–'}</Words>,
    },
    {
      id: 'state',
      header: 'State',
      cell: (template) => (
        <Inline gap="xs">
          {statesOf(template.versions).map((status) => (
            <Status key={status} kind="version" value={status} />
          ))}
        </Inline>
      ),
    },
    {
      id: 'changed',
      header: 'Changed',
      align: 'right',
      from: 'md',
      cell: (template) => <When at={latest(template.versions)?.created_at} />,
    },
  ];
  return (
    <Page title="Templates" description="What each mail says. Amounts, dates and names are facts; the text around them is yours.">
      <ListPanel
        label="Templates"
        query={{ ...templates, data: data && { data, has_more: false, next_cursor: null } }}
        columns={columns}
        rowId={({ id }) => id}
        open={({ id }) => ({ to: '/emails/templates/$id', params: { id } })}
        cursor={undefined}
        onPage={() => undefined}
        empty={
          <EmptyState icon={LayoutTemplate} title="No templates">
            The seven lifecycle templates appear when the environment is made.
          </EmptyState>
        }
      />
    </Page>
  );
}

/** The text most people read: the default variant, in English when there is one. */
function first(versions: VersionSummary[]): VersionSummary | undefined {
  const [slot] = slotsOf(versions);
  if (!slot) return undefined;
  const { draft, published } = versionsOf(versions, slot);
  return published ?? draft;
}

function latest(versions: VersionSummary[]): VersionSummary | undefined {
  return [...versions].sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
}

function localesOf(versions: VersionSummary[]): string {
  return [...new Set(versions.filter(({ status }) => status === 'approved').map(({ locale }) => locale))].sort().join(', ');
}

const SHOWN = ['needs_fix', 'draft', 'in_review', 'approved'];

function statesOf(versions: VersionSummary[]): string[] {
  return SHOWN.filter((status) => versions.some((version) => version.status === status));
}
