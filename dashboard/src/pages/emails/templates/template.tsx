import { useParams, useSearch } from '@tanstack/react-router';
import { useRead } from '../../../api/environment.tsx';
import { useTriggers } from '../../../api/triggers.ts';
import type { TemplateWithVersions } from '../../../api/types.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type Slot, slotsOf, versionsOf } from './choose-version.ts';
import { EditorPage } from './editor-page.tsx';

const BACK = { label: 'Templates', link: { to: '/emails/templates' } } as const;

/** Loads the template with its versions; then the editor takes over. */
export function TemplatePage() {
  const { id } = useParams({ from: '/shell/emails/templates/$id' });
  const search = useSearch({ from: '/shell/emails/templates/$id' });
  const template = useRead<TemplateWithVersions>(`/v1/emails/templates/${encodeURIComponent(id)}`);
  const triggers = useTriggers();
  const broken = [template, triggers].find(({ isError, data }) => isError && data === undefined);
  const trigger = triggers.data?.data.find((one) => one.trigger === template.data?.trigger);
  if (!template.data || !trigger)
    return (
      <Page title="Template" back={BACK}>
        {broken ? (
          <ErrorState
            what="This template could not be loaded"
            error={broken.error}
            onRetry={() => void Promise.all([template.refetch(), triggers.refetch()])}
          />
        ) : (
          <Skeleton lines={8} />
        )}
      </Page>
    );
  const slots = slotsOf(template.data.versions);
  const slot = slotFor(slots, search);
  return (
    <EditorPage
      key={`${id} ${slot.variant} ${slot.locale}`}
      template={template.data}
      trigger={trigger}
      slot={slot}
      slots={slots}
      {...versionsOf(template.data.versions, slot)}
    />
  );
}

/** The slot an address asks for, else the nearest there is. */
function slotFor(slots: Slot[], { variant = 'default', locale }: { variant?: string | undefined; locale?: string | undefined }): Slot {
  const exact = slots.find((slot) => slot.variant === variant && (locale === undefined || slot.locale === locale));
  return exact ?? slots.find((slot) => slot.locale === locale) ?? slots[0] ?? { variant: 'default', locale: 'en' };
}
