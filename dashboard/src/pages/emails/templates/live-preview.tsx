import { Monitor, Smartphone } from 'lucide-react';
import { useContext, useState } from 'react';
import { useList } from '../../../api/environment.tsx';
import { useNames } from '../../../api/names.ts';
import type { Occurrence, Preview, Trigger } from '../../../api/types.ts';
import { formatInstant } from '../../../lib/dates.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Code } from '../../../ui/code.tsx';
import { TimeContext } from '../../../ui/date.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel, Stack } from '../../../ui/layout.tsx';
import { MailFrame } from '../../../ui/mail-frame.tsx';
import { MailHead } from '../../../ui/mail-head.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { type Choice, Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Text } from '../../../ui/text.tsx';
import { type PreviewState, SAMPLE } from './use-preview.ts';

const PHONE = '320';
const WINDOW = '600';
const PAST_EVENTS = 30;

/** The mail that the source makes, on made-up facts or on those of a past event. */
export function LivePreview({ trigger, preview }: { trigger: Trigger; preview: PreviewState }) {
  const [view, setView] = useState('html');
  const [width, setWidth] = useState(WINDOW);
  const { data, error } = preview;
  return (
    <Panel title="Preview" actions={<EventSelect trigger={trigger} preview={preview} />}>
      {data ? (
        <Stack>
          {error !== null && error !== undefined && (
            <Callout tone="warn" title="This is an earlier text: the latest cannot be shown">
              {(error as Error).message}
            </Callout>
          )}
          {data.refused !== null && <Refused refused={data.refused} />}
          <MailHead subject={data.subject} preheader={data.preheader?.includes('{{') ? null : data.preheader} />
          <Tabs
            label="Views of the preview"
            value={view}
            onChange={setView}
            beside={
              <Segmented
                label="Width"
                value={width}
                onChange={setWidth}
                choices={[
                  { value: PHONE, label: '320', icon: Smartphone },
                  { value: WINDOW, label: '600', icon: Monitor },
                ]}
              />
            }
            items={[
              { value: 'html', label: 'HTML', content: <Html preview={data} width={Number(width)} /> },
              { value: 'text', label: 'Text', content: <Code text={data.text ?? ''} label="plain text" wrap /> },
            ]}
          />
        </Stack>
      ) : error ? (
        <ErrorState what="The preview could not be made" error={error} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Panel>
  );
}

function Html({ preview, width }: { preview: Preview; width: number }) {
  if (preview.html === null) return <Text tone="muted">There is no mail to show until the errors are mended.</Text>;
  return <MailFrame html={preview.html} title="Preview of the mail" width={width} />;
}

function Refused({ refused }: { refused: NonNullable<Preview['refused']> }) {
  return (
    <Callout tone="warn" title={`With this event the mail would be refused: ${refused.field}`}>
      {refused.reason.replaceAll('_', ' ')}
    </Callout>
  );
}

/** Made-up facts, or a past event of this trigger. */
function EventSelect({ trigger, preview }: { trigger: Trigger; preview: PreviewState }) {
  const events = useList<Occurrence>('/v1/emails/occurrences', { query: { trigger: trigger.trigger, limit: PAST_EVENTS } });
  const { timeZone, now } = useContext(TimeContext);
  const names = useNames();
  const choices: Choice[] = [
    { value: SAMPLE, label: 'Made-up facts' },
    ...(events.data?.data ?? []).map((event) => ({
      value: event.id,
      label: `${names.customer(event.customer_id) ?? event.customer_id}, ${formatInstant(event.at, { timeZone, now, show: 'date' })}`,
      hint: event.object_id,
    })),
  ];
  return (
    <Select
      label="Facts of the preview"
      compact
      prefix="Facts"
      value={preview.occurrence}
      choices={choices}
      onChange={preview.setOccurrence}
    />
  );
}
