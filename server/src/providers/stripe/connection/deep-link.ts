import type { App } from '../../../kit/context.ts';
import { addressOf } from '../address.ts';
import type { RemoteType } from '../pull/source.ts';
import type { Connection } from './connection.ts';

const PATHS: Partial<Record<RemoteType, string>> = {
  customer: 'customers/',
  subscription: 'subscriptions/',
  product: 'products/',
  price: 'prices/',
  invoice: 'invoices/',
  payment_intent: 'payments/',
  charge: 'payments/',
};

/** Where an account's pages are: Stripe's dashboard, or the Sandbox's viewer. */
export function deepLinkBase(app: App, a: Pick<Connection, 'provider' | 'apiBase' | 'accountId' | 'livemode'>): string {
  if (a.provider === 'stripe_sandbox') return `${addressOf(app, a).base}/${a.accountId}/`;
  return `https://dashboard.stripe.com/${a.accountId}/${a.livemode ? '' : 'test/'}`;
}

/** The page of one object, for people; null for kinds without a page. */
export function deepLink(app: App, connection: Connection, type: RemoteType, id: string): string | null {
  const path = PATHS[type];
  return path === undefined ? null : `${deepLinkBase(app, connection)}${path}${encodeURIComponent(id)}`;
}
