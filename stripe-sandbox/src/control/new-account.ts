/** A fresh account: settings with Stripe's defaults, a key pair, and for virtual time its own clock. */

import { hashKey, hintOf } from '../http/keys.ts';
import type { Services } from '../kernel/services.ts';
import type { AccountSettings } from '../kernel/types.ts';
import { defaultConfigurationDoc } from '../resources/billing-portal/default.ts';
import type { AccountRow, KeyRow, ObjectRow } from '../store/port.ts';

const MS = 1000;
const KEY_LENGTH = 24;
const ID_LENGTH = 16;
/** [S 3.7]: eight tries within two weeks; Stripe's own times are learned, these are spaced evenly. */
const RETRY_DAYS = [1, 3, 5, 7, 9, 11, 13, 14];
const CLOCK_LIFETIME = 30 * 86_400;

export type NewAccount = Partial<AccountSettings> & {
  id?: string;
  /** `now` in epoch seconds. */
  clock?: { mode: 'wall' | 'virtual'; now?: number };
  secretKey?: string;
  publishableKey?: string;
};
export type MadeAccount = { row: AccountRow; keys: KeyRow[]; objects: ObjectRow[]; secretKey: string; publishableKey: string };

/** Builds the rows; storing them is the caller's. A virtual clock stands at `clock.now` (default: the transport's present). */
export function newAccount(services: Services, input: NewAccount): MadeAccount {
  const { id, clock, secretKey: givenSecret, publishableKey: givenPublishable, ...given } = input;
  const { random } = services;
  const accountId = id ?? `acct_${random.alphanumeric(ID_LENGTH)}`;
  const wallNow = Math.floor(services.clock.now() / MS);
  const virtual = clock?.mode === 'virtual';
  const clockId = virtual ? `clock_${random.alphanumeric(KEY_LENGTH)}` : null;
  const secretKey = givenSecret ?? `sk_test_${random.alphanumeric(KEY_LENGTH)}`;
  const publishableKey = givenPublishable ?? `pk_test_${random.alphanumeric(KEY_LENGTH)}`;
  const row: AccountRow = {
    id: accountId,
    created: virtual ? (clock?.now ?? wallNow) : wallNow,
    settings: settingsFrom(given),
    apiVersion: services.contract.apiVersion,
    clockMode: virtual ? 'virtual' : 'wall',
    clockId,
    seq: 1,
    counters: {},
  };
  const keys = [keyRow(secretKey, accountId, 'secret'), keyRow(publishableKey, accountId, 'publishable')];
  const portal = portalRow(accountId, `bpc_${random.alphanumeric(KEY_LENGTH)}`, row.created);
  const objects = clockId === null ? [portal] : [clockRow(accountId, clockId, clock?.now ?? wallNow), portal];
  return { row, keys, objects, secretKey, publishableKey };
}

export function keyRow(secret: string, account: string, kind: KeyRow['kind']): KeyRow {
  return { hash: hashKey(secret), account, kind, permissions: [], platform: null, expiresAt: null, hint: hintOf(secret) };
}

function settingsFrom(given: Partial<AccountSettings>): AccountSettings {
  return {
    name: 'Sandbox account',
    email: 'owner@example.com',
    country: 'US',
    currency: 'usd',
    retry_days: RETRY_DAYS,
    retries_exhausted: 'cancel',
    upcoming_days: 7,
    draft_hours: 1,
    tax_rounding: 'line',
    numbering: 'customer',
    ...given,
  };
}

/** The default portal configuration: at Stripe too it is there before anything else. */
export function portalRow(account: string, id: string, now: number): ObjectRow {
  const doc = defaultConfigurationDoc(id, now);
  return { account, id, object: doc.object, created: now, seq: 1, clock: null, deleted: false, doc };
}

/** The object behind a virtual account clock. */
export function clockRow(account: string, id: string, now: number): ObjectRow {
  const doc = {
    id,
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: now + CLOCK_LIFETIME,
    frozen_time: now,
    livemode: false,
    name: 'Account clock',
    status: 'ready',
    status_details: {},
    _clock: null,
    _account_clock: true,
  };
  return { account, id, object: doc.object, created: now, seq: 1, clock: null, deleted: false, doc };
}
