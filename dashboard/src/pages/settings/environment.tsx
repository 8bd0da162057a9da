import { useEnvironment, useRead } from '../../api/environment.tsx';
import type { Clock } from '../../api/types.ts';
import { MODE_CHOICES } from '../../shell/modes.ts';
import { MODE_WORDS, ModeDot } from '../../ui/app-frame.tsx';
import { When } from '../../ui/date.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Id } from '../../ui/id.tsx';
import { Inline, Panel } from '../../ui/layout.tsx';
import { Page } from '../../ui/page.tsx';
import { RowList } from '../../ui/row-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Facts } from '../../ui/text.tsx';

/** What this environment is, its clock, and the others of the organization. */
export function EnvironmentPage() {
  const { environment, me } = useEnvironment();
  const choice = MODE_CHOICES.find(({ mode }) => mode === environment.mode);
  return (
    <Page title="Environment" width="text" description="The mode and the kind of clock are fixed when an environment is made.">
      <Panel title={environment.name}>
        <Facts
          items={[
            [
              'Mode',
              <Inline key="mode">
                <ModeDot mode={environment.mode} />
                {MODE_WORDS[environment.mode]}
              </Inline>,
            ],
            ['Talks to', choice?.talksTo ?? '–'],
            ['Time zone', environment.time_zone],
            ['Default currency', environment.default_currency.toUpperCase()],
            ['Created', <When key="created" at={environment.created_at} />],
            ['Id', <Id key="id" value={environment.id} />],
          ]}
        />
      </Panel>
      <ClockPanel />
      <Panel title={`Environments of ${me.organization.name}`} flush>
        <RowList
          label="Environments"
          items={me.environments.map((one) => ({
            id: one.id,
            icon: <ModeDot mode={one.mode} />,
            title: one.name,
            detail: MODE_WORDS[one.mode],
            end: one.id === environment.id ? 'you are here' : undefined,
            link: { to: '/', search: { env: one.slug } },
          }))}
        />
      </Panel>
    </Page>
  );
}

const STATES = { ready: 'Ready', advancing: 'Moving', blocked: 'Stopped on its way' };

function ClockPanel() {
  const { environment } = useEnvironment();
  const clock = useRead<Clock>(`/v1/environments/${environment.id}/clock`);
  const { data } = clock;
  return (
    <Panel
      title="Clock"
      description={
        environment.clock.kind === 'wall'
          ? 'It shows the real time.'
          : 'It stands still until somebody advances it: by the band above, the API or the Stripe SDK.'
      }
    >
      {data ? (
        <Facts
          items={[
            ['Shows', <When key="now" at={data.now} />],
            ['State', STATES[data.status]],
            ['Next thing due', <When key="next" at={data.next} far />],
            ['Moving to', <When key="target" at={data.target} />],
          ]}
        />
      ) : clock.error ? (
        <ErrorState what="The clock could not be read" error={clock.error} onRetry={() => void clock.refetch()} />
      ) : (
        <Skeleton lines={2} />
      )}
    </Panel>
  );
}
