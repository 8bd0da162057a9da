import { CircleCheck, CircleDashed, CircleMinus } from 'lucide-react';
import { type Names, useNames } from '../../../api/names.ts';
import type { Resolution } from '../../../api/types.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Split, Stack } from '../../../ui/layout.tsx';
import { TextLink } from '../../../ui/link.tsx';
import { MailFrame } from '../../../ui/mail-frame.tsx';
import { MailHead } from '../../../ui/mail-head.tsx';
import { RowList } from '../../../ui/row-list.tsx';
import { Facts, Subheading, Text } from '../../../ui/text.tsx';

type Level = Resolution['levels'][number];

const RESULTS = {
  match: { icon: CircleCheck, tone: 'ok', words: 'Matched' },
  off: { icon: CircleMinus, tone: 'warn', words: 'Off: the search ends' },
  no_route: { icon: CircleDashed, tone: 'neutral', words: 'No route' },
} as const;

/** Each level that was tried, the winner, the checks, and the mail it would be. */
export function ResolutionView({ resolution }: { resolution: Resolution }) {
  const names = useNames();
  const { preview } = resolution;
  return (
    <Split
      even
      main={
        <Stack>
          <Subheading>Tried, most specific first</Subheading>
          <RowList
            label="Levels"
            items={resolution.levels.map((level, index) => {
              const { icon: Icon, tone, words } = RESULTS[level.result];
              return {
                id: String(index),
                icon: <Icon aria-hidden size={16} />,
                title: labelOf(level, names),
                end: <Badge tone={tone}>{words}</Badge>,
              };
            })}
          />
        </Stack>
      }
      aside={
        <Stack>
          <Outcome resolution={resolution} names={names} />
          {preview?.html && (
            <>
              <MailHead subject={preview.subject} />
              <MailFrame html={preview.html} title="The mail it would be" width={600} />
            </>
          )}
        </Stack>
      }
    />
  );
}

function labelOf({ key }: Level, names: Names): string {
  const words = Object.entries(key).flatMap(([name, id]) =>
    name === 'trigger' ? [] : [`${name.replace(/^stripe_|_id$/g, '').replace(/_id$/, '')} ${names.price(id) ?? names.product(id) ?? id}`],
  );
  return words.length === 0 ? 'Everything' : words.join(', ');
}

function Outcome({ resolution, names }: { resolution: Resolution; names: Names }) {
  const { route, template_version: version, variant, locales, suppressed, guard } = resolution;
  if (route === null || route.off || route.template_id === null)
    return <Text strong>{route?.off ? 'A route says off: nothing is sent.' : 'No route: nothing is sent.'}</Text>;
  return (
    <Facts
      items={[
        [
          'Template',
          <TextLink key="template" to="/emails/templates/$id" params={{ id: route.template_id }}>
            {names.template(route.template_id) ?? route.template_id}
          </TextLink>,
        ],
        ['Version', version === null ? 'None is published' : `${version.number} (${version.locale}, ${version.variant})`],
        ['Subject', version?.subject ?? '–'],
        ['Variant', variant],
        ['Languages tried', locales.join(' → ')],
        ['Class', resolution.class],
        ['Address', suppressed === null ? 'Not suppressed' : `Suppressed: ${suppressed}`],
        ['Checks', guard.replaceAll('_', ' ')],
      ]}
    />
  );
}
