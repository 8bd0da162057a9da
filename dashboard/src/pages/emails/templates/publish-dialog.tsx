import { useEnvironment, useWrite } from '../../../api/environment.tsx';
import type { Version } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Diff } from '../../../ui/diff.tsx';
import { Stack } from '../../../ui/layout.tsx';
import { Text } from '../../../ui/text.tsx';

type Props = { version: Version; published: Version | undefined; onClose(): void; onPublished(): void };

/** Shows what changes against the published text, and publishes. */
export function PublishDialog({ version, published, onClose, onPublished }: Props) {
  const { environment } = useEnvironment();
  const publish = useWrite<void, Version>((api) => api.request('POST', `/v1/emails/versions/${version.id}/publish`, { body: {} }), {
    done: `Version ${version.number} is published`,
    onDone: onPublished,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={published ? `Publish version ${version.number} instead of ${published.number}` : `Publish version ${version.number}`}
      description="Mails written from now on use it. What was sent stays as it was."
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button variant="primary" busy={publish.isPending} onClick={() => publish.mutate()}>
            Publish
          </Button>
        </>
      }
    >
      <Stack>
        {publish.error && (
          <Callout tone="bad" title="It was not published">
            {publish.error.message}
          </Callout>
        )}
        {environment.mode === 'live' && (
          <Callout tone="warn" title="This is Live">
            By publishing you approve the text: it goes to real customers.
          </Callout>
        )}
        {published ? (
          <Diff label="Changes against the published text" before={published.source} after={version.source} />
        ) : (
          <Text tone="muted">It is the first text of this variant and language.</Text>
        )}
      </Stack>
    </Dialog>
  );
}
