import { BillowError } from '@billow/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useEnvironment, useWrite } from '../../../api/environment.tsx';
import type { Version } from '../../../api/types.ts';
import { toastDone } from '../../../ui/toast.tsx';

/** The draft that a refused save has kept all the same (status `needs_fix`); null where nothing was saved. */
export function refusedDraft(error: unknown): Version | null {
  if (!(error instanceof BillowError) || error.code !== 'template_has_errors') return null;
  return (error.detail.version as Version | undefined) ?? null;
}

/** Saves the source as the draft of the variant and language its front matter names. A text with errors is kept, and refused. */
export function useSaveDraft({ templateId, source, onSaved }: { templateId: string; source: string; onSaved(version: Version): void }) {
  const { environment } = useEnvironment();
  const queries = useQueryClient();
  const save = useWrite<void, Version>((api) => api.request('POST', `/v1/emails/templates/${templateId}/versions`, { body: { source } }), {
    onDone: (version) => {
      onSaved(version);
      toastDone('Draft saved');
    },
  });
  const mutate = () =>
    save.mutate(undefined, {
      onError: (error) => {
        const kept = refusedDraft(error);
        if (!kept) return;
        onSaved(kept);
        void queries.invalidateQueries({ queryKey: [environment.id] });
      },
    });
  return { mutate, isPending: save.isPending, error: save.error };
}
