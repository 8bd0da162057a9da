/** Somebody acts in the dashboard behind the product's back: an object changes or goes, a grant is revoked. */
import { detachPaymentMethod, refundCharge } from '../billing/payments/index.ts';
import { pageTransaction } from '../http/pages.ts';
import { invalidRequest } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { Doc, Params, Tx } from '../kernel/types.ts';

const MONTH_SECONDS = 31 * 86_400;
const KEY_LENGTH = 24;

export type WorldChange =
  | { account: string; kind: 'change'; id: string; set: Params; event?: string }
  | { account: string; kind: 'delete'; id: string; event?: string }
  | { account: string; kind: 'revoke_grant'; platform: string }
  | { account: string; kind: 'detach_card'; id: string }
  | { account: string; kind: 'expire_card'; id: string }
  | { account: string; kind: 'refund'; charge: string; amount?: number }
  | { account: string; kind: 'roll_key'; secret: string; expiresInSeconds?: number };

/** Applies the change and, when `event` is named, tells of it. Answers the object. */
export function changeWorld(services: Services, change: WorldChange): Promise<Doc> {
  return pageTransaction(services, change.account, (tx) => apply(services, tx, change));
}

async function apply(services: Services, tx: Tx, change: WorldChange): Promise<Doc> {
  switch (change.kind) {
    case 'revoke_grant':
      return revokeGrant(tx, change.platform);
    case 'detach_card':
      return detachPaymentMethod(tx, { paymentMethod: await tx.require('payment_method', change.id) });
    case 'expire_card':
      return expireCard(tx, await tx.require('payment_method', change.id));
    case 'refund':
      return refundCharge(tx, {
        charge: await tx.require('charge', change.charge),
        ...(change.amount === undefined ? {} : { amount: change.amount }),
      });
    case 'roll_key':
      return rollKey(services, tx, change);
    default:
      return changeObject(tx, change);
  }
}

/** The last month of a card is over: the next charge is declined as `expired_card`. Stripe has no event for it. */
async function expireCard(tx: Tx, method: Doc): Promise<Doc> {
  if (method.type !== 'card') throw invalidRequest(`${method.id} is not a card.`);
  const lastMonth = new Date((tx.now(method) - MONTH_SECONDS) * 1000);
  method.card = { ...method.card, exp_month: lastMonth.getUTCMonth() + 1, exp_year: lastMonth.getUTCFullYear() };
  method._card = 'declined_expired';
  tx.put(method);
  return method;
}

/** A new secret key in place of the one given, which stops now or in some seconds of transport time. Answers the key, which no API shows. */
async function rollKey(services: Services, tx: Tx, change: Extract<WorldChange, { kind: 'roll_key' }>): Promise<Doc> {
  const secret = `sk_test_${tx.secret(KEY_LENGTH)}`;
  const until = services.clock.now() / 1000 + (change.expiresInSeconds ?? 0);
  tx.directory.addKey({ secret: change.secret, account: tx.account.id, kind: 'secret', expiresAt: until });
  tx.directory.addKey({ secret, account: tx.account.id, kind: 'secret' });
  return { id: secret, object: 'api_key', created: tx.now(), secret };
}

async function changeObject(tx: Tx, change: Extract<WorldChange, { kind: 'change' | 'delete' }>): Promise<Doc> {
  const doc = await tx.get(change.id);
  if (doc === undefined) throw invalidRequest(`No such object: '${change.id}'`, { code: 'resource_missing' });
  if (change.kind === 'change') Object.assign(doc, change.set);
  if (change.event !== undefined && change.kind === 'delete') tx.emit(change.event, doc);
  if (change.kind === 'delete') tx.remove(doc);
  else tx.put(doc);
  if (change.event !== undefined && change.kind === 'change') tx.emit(change.event, doc);
  return doc;
}

/** The merchant removes the platform: its tokens stop working and `account.application.deauthorized` follows. */
async function revokeGrant(tx: Tx, platform: string): Promise<Doc> {
  const other = await tx.forAccount(platform);
  const grant = await other.require('sandbox.oauth_grant', `grant_${tx.account.id}`);
  grant.revoked = true;
  other.put(grant);
  const install = await tx.get(`install_${platform}`);
  const { settings } = other.account;
  const application = { id: settings.client_id ?? platform, object: 'application', name: settings.name };
  tx.emit('account.application.deauthorized', application as unknown as Doc);
  if (install !== undefined) {
    install.revoked = true;
    tx.put(install);
  }
  tx.directory.revokeKeys({ account: tx.account.id, platform });
  return grant;
}
