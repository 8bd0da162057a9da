import { Outlet, useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { AtSign, House, Inbox, KeyRound, LayoutTemplate, Mails, Plug, Settings2, Split, Users, Webhook } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { apiFor, isSignedOut } from '../api/client.ts';
import { EnvironmentContext, useList, useRead } from '../api/environment.tsx';
import { useMe } from '../api/session.ts';
import type { Clock, Connection, Environment, Me } from '../api/types.ts';
import { AppFrame, type NavGroup } from '../ui/app-frame.tsx';
import { TimeContext } from '../ui/date.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { StripePagesContext } from '../ui/id.tsx';
import { Loading } from '../ui/loading.tsx';
import { Band } from './band.tsx';
import { EnvironmentSwitcher } from './environment-switcher.tsx';
import { lastEnvironment, rememberEnvironment } from './last-environment.ts';
import { UserMenu } from './user-menu.tsx';

/** Everything around a page: who is signed in, the environment, its mode and clock, the navigation. */
export function Shell() {
  const me = useMe();
  // Stripe's consent leads back here with the environment's id.
  const { env, environment } = useSearch({ from: '/shell' });
  if (me.data) return <InEnvironment me={me.data} wanted={env ?? environment ?? lastEnvironment()} named={env} />;
  if (me.error && !isSignedOut(me.error))
    return <ErrorState what="Billow does not answer" error={me.error} onRetry={() => void me.refetch()} />;
  return <Loading label="Signing in" />;
}

function InEnvironment({ me, wanted, named }: { me: Me; wanted: string | null; named: string | undefined }) {
  const environment = me.environments.find(({ slug, id }) => slug === wanted || id === wanted) ?? me.environments[0];
  const navigate = useNavigate();
  const slug = environment?.slug;
  useEffect(() => {
    if (slug === undefined) return;
    rememberEnvironment(slug);
    if (named !== slug)
      void navigate({
        to: '.',
        search: (search: Record<string, unknown>) => ({ ...search, env: slug, environment: undefined }),
        replace: true,
        hash: true,
      });
  }, [slug, named, navigate]);
  const value = useMemo(() => (environment ? { api: apiFor(environment.id), environment, me } : null), [environment, me]);
  if (environment === undefined || value === null)
    return (
      <ErrorState what="You have no environment" error={{ message: 'Ask an owner of your organization to give you a role in one.' }} />
    );
  return (
    <EnvironmentContext.Provider value={value}>
      <Frame key={environment.id} environment={environment} />
    </EnvironmentContext.Provider>
  );
}

const CLOCK_EVERY_MS = 5000;
const ADVANCING_EVERY_MS = 600;

function Frame({ environment }: { environment: Environment }) {
  const pageKey = useRouterState({ select: ({ location }) => location.pathname });
  const clock = useRead<Clock>(`/v1/environments/${environment.id}/clock`, { every: CLOCK_EVERY_MS });
  const moving = clock.data?.status === 'advancing';
  useRead<Clock>(`/v1/environments/${environment.id}/clock`, { every: ADVANCING_EVERY_MS, enabled: moving });
  const connections = useList<Connection>('/v1/connections', { every: 30_000 });
  const stripe = connections.data?.data.find(({ status }) => status !== 'disconnected');
  const now = clock.data?.now ?? environment.clock.now;
  const time = useMemo(() => ({ timeZone: environment.time_zone, now }), [environment.time_zone, now]);
  return (
    <TimeContext.Provider value={time}>
      <StripePagesContext.Provider value={stripe?.dashboard_url ?? null}>
        <AppFrame
          hasBand={environment.mode !== 'live'}
          band={<Band clock={clock.data} />}
          nav={environment.mode === 'live' ? NAVIGATION.filter(({ label }) => label !== SANDBOX_ONLY) : NAVIGATION}
          top={<EnvironmentSwitcher />}
          bottom={<UserMenu />}
          compactTitle={<EnvironmentSwitcher />}
          pageKey={pageKey}
        >
          <Outlet />
        </AppFrame>
      </StripePagesContext.Provider>
    </TimeContext.Provider>
  );
}

const SANDBOX_ONLY = 'Captured mail';

const NAVIGATION: NavGroup[] = [
  {
    items: [
      { label: 'Home', link: { to: '/' }, icon: House, exact: true },
      { label: 'Customers', link: { to: '/customers' }, icon: Users },
    ],
  },
  {
    label: 'E-mails',
    items: [
      { label: 'Messages', link: { to: '/emails/messages' }, icon: Mails },
      { label: 'Routes', link: { to: '/emails/routes' }, icon: Split },
      { label: 'Templates', link: { to: '/emails/templates' }, icon: LayoutTemplate },
      { label: 'Senders', link: { to: '/emails/senders' }, icon: AtSign },
    ],
  },
  { label: SANDBOX_ONLY, items: [{ label: 'Mailbox', link: { to: '/mailbox' }, icon: Inbox }] },
  { label: 'Stripe', items: [{ label: 'Events', link: { to: '/stripe/events' }, icon: Webhook }] },
  {
    label: 'Settings',
    items: [
      { label: 'Environment', link: { to: '/settings/environment' }, icon: Settings2 },
      { label: 'Integrations', link: { to: '/settings/integrations' }, icon: Plug },
      { label: 'API keys', link: { to: '/settings/api-keys' }, icon: KeyRound },
    ],
  },
];
