import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { texts } from './lib/search.ts';
import { NotFoundPage, PageFailed } from './pages/not-found.tsx';
import { Shell } from './shell/shell.tsx';

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFailed,
});

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['next']),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.tsx'), 'SignInPage'),
});
const welcome = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/sign-in/welcome.tsx'), 'WelcomePage'),
});

/** Everything behind the sign-in. `env` names the environment, so that an address opens the same thing for everybody. */
const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['env', 'environment']),
  search: { middlewares: [retainSearchParams(['env'])] },
  component: Shell,
});

const under = { getParentRoute: () => shell };

const home = createRoute({ ...under, path: '/', component: lazyRouteComponent(() => import('./pages/home/home.tsx'), 'HomePage') });

const customers = createRoute({
  ...under,
  path: '/customers',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['email', 'status', 'cursor']),
  component: lazyRouteComponent(() => import('./pages/customers/customers.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  ...under,
  path: '/customers/$id',
  component: lazyRouteComponent(() => import('./pages/customers/customer.tsx'), 'CustomerPage'),
});

const emails = createRoute({
  ...under,
  path: '/emails',
  beforeLoad: ({ location }) => {
    if (location.pathname === '/emails') throw redirect({ to: '/emails/messages' });
  },
});
const routes = createRoute({
  ...under,
  path: '/emails/routes',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['view', 'trigger', 'about']),
  component: lazyRouteComponent(() => import('./pages/emails/routes/routes.tsx'), 'RoutesPage'),
});
const templates = createRoute({
  ...under,
  path: '/emails/templates',
  component: lazyRouteComponent(() => import('./pages/emails/templates/templates.tsx'), 'TemplatesPage'),
});
const template = createRoute({
  ...under,
  path: '/emails/templates/$id',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['variant', 'locale']),
  component: lazyRouteComponent(() => import('./pages/emails/templates/template.tsx'), 'TemplatePage'),
});
const messages = createRoute({
  ...under,
  path: '/emails/messages',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['customer', 'trigger', 'status', 'product', 'plan', 'cursor']),
  component: lazyRouteComponent(() => import('./pages/emails/messages/messages.tsx'), 'MessagesPage'),
});
const message = createRoute({
  ...under,
  path: '/emails/messages/$id',
  component: lazyRouteComponent(() => import('./pages/emails/messages/message.tsx'), 'MessagePage'),
});

const senders = createRoute({
  ...under,
  path: '/emails/senders',
  component: lazyRouteComponent(() => import('./pages/emails/senders/senders.tsx'), 'SendersPage'),
});

const stripeEvents = createRoute({
  ...under,
  path: '/stripe/events',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['type', 'status', 'via', 'object_id', 'cursor']),
  component: lazyRouteComponent(() => import('./pages/stripe/events.tsx'), 'StripeEventsPage'),
});
const stripeEvent = createRoute({
  ...under,
  path: '/stripe/events/$id',
  component: lazyRouteComponent(() => import('./pages/stripe/event.tsx'), 'StripeEventPage'),
});

const mailbox = createRoute({
  ...under,
  path: '/mailbox',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['to', 'trigger', 'mail', 'view', 'cursor']),
  component: lazyRouteComponent(() => import('./pages/mailbox/mailbox.tsx'), 'MailboxPage'),
});

const settingsEnvironment = createRoute({
  ...under,
  path: '/settings/environment',
  component: lazyRouteComponent(() => import('./pages/settings/environment.tsx'), 'EnvironmentPage'),
});
const integrations = createRoute({
  ...under,
  path: '/settings/integrations',
  component: lazyRouteComponent(() => import('./pages/settings/integrations.tsx'), 'IntegrationsPage'),
});
const stripe = createRoute({
  ...under,
  path: '/settings/integrations/stripe',
  validateSearch: (search: Record<string, unknown>) => texts(search, ['connected', 'error', 'message', 'add']),
  component: lazyRouteComponent(() => import('./pages/settings/stripe/stripe.tsx'), 'StripePage'),
});
const apiKeys = createRoute({
  ...under,
  path: '/settings/api-keys',
  component: lazyRouteComponent(() => import('./pages/settings/api-keys.tsx'), 'ApiKeysPage'),
});

const tree = rootRoute.addChildren([
  signIn,
  welcome,
  shell.addChildren([
    home,
    customers,
    customer,
    emails,
    routes,
    templates,
    template,
    messages,
    message,
    senders,
    stripeEvents,
    stripeEvent,
    mailbox,
    settingsEnvironment,
    integrations,
    stripe,
    apiKeys,
  ]),
]);

/** All pages by address. */
export function createPages() {
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFoundPage,
  });
}
