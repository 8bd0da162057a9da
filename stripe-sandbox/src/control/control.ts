/** The control API: what a test or the product does to the emulator itself. Methods here; the same under /_sandbox over HTTP (routes.ts). */
import type { Clocks } from '../clock/clocks.ts';
import type { FaultRule, Faults, NewRule } from '../faults/rules.ts';
import { errorReply, type Reply } from '../http/answer.ts';
import type { Incoming } from '../http/api.ts';
import type { LoggedRequest, Refusal } from '../http/request-log.ts';
import type { Services } from '../kernel/services.ts';
import type { AccountSettings, Doc, Outcome } from '../kernel/types.ts';
import type { DeliveryRow, Dump } from '../store/port.ts';
import type { Sender } from '../webhooks/sender.ts';
import {
  type AccountAccess,
  createAccount,
  createPlatform,
  createRestrictedKey,
  listAccounts,
  type NewPlatform,
  revokeKeys,
  rollKey,
  updateAccount,
} from './accounts.ts';
import { advanceTo, type ClockState, setClock } from './clock.ts';
import { type DeliveryKnob, listDeliveries, listEvents, rollWebhookSecret, setDeliveryKnob } from './deliveries.ts';
import type { NewAccount } from './new-account.ts';
import { orderOutcomes } from './outcomes.ts';
import { serveControl } from './routes.ts';
import { type Seed, seed } from './seed.ts';
import { reset, restore, type State, snapshot, state } from './state.ts';
import { changeWorld, type WorldChange } from './world/index.ts';

export type Control = {
  createAccount(input?: NewAccount): Promise<AccountAccess>;
  /** A platform: an account with an OAuth client (`clientId`). */
  createPlatform(input?: NewPlatform): Promise<AccountAccess & { clientId: string }>;
  createRestrictedKey(input: { account: string; permissions: string[]; secret?: string }): Promise<{ secret: string }>;
  /** Every call with a revoked key is 401 from now on. */
  revokeKeys(which: { secret?: string; account?: string; platform?: string }): Promise<void>;
  /** A new secret for the key; the old one works `graceSeconds` longer (of the account's clock), by default not at all. */
  rollKey(input: { secret: string; graceSeconds?: number }): Promise<{ secret: string }>;
  accounts(): Promise<{ id: string; settings: AccountSettings }[]>;
  updateAccount(input: { account: string; settings: Partial<AccountSettings> }): Promise<void>;
  /** Clears everything an account (or all) ever did; accounts, their keys and their clocks' present stay. */
  reset(account?: string): Promise<void>;
  /** Stores objects and events exactly as given; `deliver` sends the events to the endpoints. */
  seed(input: Seed): Promise<{ objects: number; events: number }>;
  /** Decides the next payments of a customer or payment method. */
  outcome(input: { account: string; customer?: string; payment_method?: string; outcome: Outcome; times?: number }): Promise<void>;
  faults: Pick<Faults, 'add' | 'list' | 'remove'>;
  world(input: WorldChange): Promise<Doc>;
  clock(account: string): Promise<ClockState>;
  /** `virtual` with `now` creates the account's clock, or moves it through its timers; `wall` lets it go. */
  setClock(input: { account: string; mode: 'wall' | 'virtual'; now?: number }): Promise<ClockState>;
  /** Moves the account's clock (or another test clock) and waits until it is ready. */
  advance(input: { account: string; to: number; clock?: string }): Promise<ClockState>;
  state(account?: string): Promise<State>;
  requests(filter?: { account?: string; limit?: number }): LoggedRequest[];
  refusals(): Refusal[];
  events(filter: { account: string; object?: string; types?: string[]; limit?: number }): Promise<Doc[]>;
  deliveries(filter?: { account?: string; event?: string; endpoint?: string; limit?: number }): Promise<DeliveryRow[]>;
  /** Chances and spans applied to every delivery of one endpoint. */
  deliveryKnob(input: DeliveryKnob): Promise<void>;
  /** A new signing secret; the old one signs too for `overlapMs` (at most 24 hours of transport time). */
  rollWebhookSecret(input: { account: string; endpoint: string; overlapMs?: number }): Promise<{ secret: string }>;
  /** Sends what is waiting, due or not. */
  flush(account?: string): Promise<number>;
  /** Resolves when no delivery's first attempt and no due timer is outstanding. */
  idle(account?: string): Promise<void>;
  health(): Promise<{ status: 'ok'; api_version: string; accounts: number; refusals: number }>;
  snapshot(): Promise<Dump>;
  restore(rows: Dump): Promise<void>;
  /** The HTTP side. */
  handle(incoming: Incoming): Promise<Reply>;
};

const IDLE_TIMEOUT_MS = 10_000;

export type ControlParts = { sender: Sender; clocks: Clocks; token: string | null };

export function createControl(services: Services, parts: ControlParts): Control {
  const { sender, clocks } = parts;
  const control: Control = {
    createAccount: (input = {}) => createAccount(services, input),
    createPlatform: (input = {}) => createPlatform(services, input),
    createRestrictedKey: (input) => createRestrictedKey(services, input),
    revokeKeys: (which) => revokeKeys(services, which),
    rollKey: (input) => rollKey(services, input),
    accounts: () => listAccounts(services),
    updateAccount: (input) => updateAccount(services, input),
    reset: (account) => reset(services, account),
    seed: (input) => seed(services, input),
    outcome: (input) => orderOutcomes(services, input),
    faults: {
      add: (rule: NewRule): FaultRule => services.faults.add(rule),
      list: () => services.faults.list(),
      remove: (id) => services.faults.remove(id),
    },
    world: (input) => changeWorld(services, input),
    clock: (account) => clocks.state(account),
    setClock: (input) => setClock(services, clocks, input),
    advance: (input) => advanceTo(services, clocks, input),
    state: (account) => state(services, account),
    requests: (filter) => services.log.list(filter),
    refusals: () => services.log.refusals(),
    events: (filter) => listEvents(services, filter),
    deliveries: (filter = {}) => listDeliveries(services, filter),
    deliveryKnob: (input) => setDeliveryKnob(services, input),
    rollWebhookSecret: (input) => rollWebhookSecret(services, input),
    flush: (account) => sender.flush(account),
    async idle(account) {
      await clocks.idle();
      await sender.settled(account, IDLE_TIMEOUT_MS);
      await clocks.idle();
    },
    async health() {
      const accounts = await services.store.read((reads) => reads.accounts());
      return {
        status: 'ok',
        api_version: services.contract.apiVersion,
        accounts: accounts.length,
        refusals: services.log.refusals().length,
      };
    },
    snapshot: () => snapshot(services),
    restore: (rows) => restore(services, rows),
    async handle(incoming) {
      try {
        return await serveControl(services, { control, token: parts.token }, incoming);
      } catch (error) {
        return errorReply(error, `req_${services.random.alphanumeric(14)}`, services.publicUrl());
      }
    },
  };
  return control;
}
