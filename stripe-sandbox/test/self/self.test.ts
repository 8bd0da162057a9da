/** The Sandbox against itself (sandbox.md 9.8): the same seed gives the same state, in any store, with any number of crashes on the way. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSandbox, memoryStore, type Sandbox, type SandboxOptions, type Store, seededRandom } from '../../src/index.ts';
import { emptyDump, type StoreWrites } from '../../src/store/port.ts';
import { manualClock, openPglite } from '../../src/testing/index.ts';
import { brokenRules } from './invariants.ts';
import { emptyKnown, type Life, operationsOf, perform, START } from './life.ts';
import { normal, sortKeys } from './normal.ts';

const SEEDS = 20;
const STEPS = 45;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Transport time stands still, so that nothing in the rows depends on when the test runs. */
const still = () => ({ ...manualClock('2026-01-01T00:00:00Z'), after: (_ms: number, run: () => void) => stopOf(setTimeout(run, 1)) });
const stopOf = (timer: NodeJS.Timeout) => () => clearTimeout(timer);

async function begin(seed: number, options: SandboxOptions = {}): Promise<Life> {
  const sandbox = await createSandbox({ random: seededRandom(seed), clock: still(), validateResponses: true, ...options });
  open.push(sandbox);
  const { account, secretKey } = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: START } });
  return { sandbox: () => sandbox, account, secretKey, known: emptyKnown(), statuses: [] };
}

async function live(seed: number, options: SandboxOptions = {}): Promise<Life> {
  const life = await begin(seed, options);
  for (const operation of operationsOf(seed, STEPS)) await perform(life, operation);
  return life;
}

describe('the same seed and the same requests', () => {
  it(`give the same state, ${SEEDS} seeds twice, and the books are in order after each`, { timeout: 120_000 }, async () => {
    const hashes = new Set<string>();
    const kinds = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const [first, second] = [await live(seed), await live(seed, { validateResponses: false })];
      const [state, again] = await Promise.all([first, second].map((life) => life.sandbox().control.state(life.account)));
      expect([seed, again!.hash]).toEqual([seed, state!.hash]);
      expect(second.statuses).toEqual(first.statuses);
      hashes.add(state!.hash);
      const dump = await first.sandbox().control.snapshot();
      expect([seed, brokenRules(dump)]).toEqual([seed, []]);
      for (const event of dump.events) kinds.add(event.type);
    }
    expect(hashes.size).toBe(SEEDS);
    // The lives are worth something: money moved, failed and came back.
    for (const type of ['invoice.paid', 'invoice.payment_failed', 'charge.refunded', 'customer.subscription.deleted', 'invoice.voided'])
      expect([...kinds]).toContain(type);
  });
});

describe('the stores', () => {
  it('hold the same rows after the same life', { timeout: 120_000 }, async () => {
    const database = await openPglite();
    open.push(database);
    for (const seed of [3, 8, 14]) {
      await database.store.replace(undefined, emptyDump());
      const [inMemory, inDatabase] = [await live(seed, { store: memoryStore() }), await live(seed, { store: database.store })];
      const [one, two] = [await inMemory.sandbox().control.snapshot(), await inDatabase.sandbox().control.snapshot()];
      for (const name of ['accounts', 'keys', 'objects', 'events', 'deliveries', 'timers', 'idempotency'] as const)
        expect([seed, name, sorted(two[name])]).toEqual([seed, name, sorted(one[name])]);
      await inDatabase.sandbox().close();
    }
  });
});

/** As text, so that the order in which a store keeps rows and fields does not matter. */
function sorted(rows: object[]): string[] {
  return rows.map((row) => JSON.stringify(sortKeys(row))).sort();
}

class Crash extends Error {}

/** A store whose process dies at its nth commit, just before or just after it; from then on nothing is answered. */
function mortal(store: Store, dies: { at: number; after: boolean }): Store & { dead: () => boolean } {
  let commits = 0;
  let dead = false;
  const check = () => {
    if (dead) throw new Crash('the process is gone');
  };
  return {
    ...store,
    dead: () => dead,
    async read(fn) {
      check();
      return store.read(fn);
    },
    async write(account, fn) {
      check();
      let now = false;
      const guarded = (writes: StoreWrites): StoreWrites => ({
        ...writes,
        async commit(batch) {
          check();
          commits += 1;
          now = commits === dies.at;
          if (now && !dies.after) {
            dead = true;
            check();
          }
          await writes.commit(batch);
        },
      });
      const result = await store.write(account, (writes) => fn(guarded(writes)));
      if (now) dead = true;
      check();
      return result;
    },
  };
}

describe('a process that dies', () => {
  // Its last words on the terminal are part of the play.
  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
  afterEach(() => vi.restoreAllMocks());

  /** Runs the life with a crash every few commits: a new process opens the store and the merchant repeats the request with its key. */
  async function liveDangerously(seed: number, store: Store): Promise<{ life: Life; crashes: number }> {
    const fate = seededRandom(seed * 31 + 5);
    const options = { random: seededRandom(seed), clock: still(), settle: 'off' as const };
    let crashes = 0;
    let body = mortal(store, { at: Number.POSITIVE_INFINITY, after: false });
    let sandbox: Sandbox = await createSandbox({ ...options, store: body });
    const { account, secretKey } = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: START } });
    const life: Life = { sandbox: () => sandbox, account, secretKey, known: emptyKnown(), statuses: [] };
    const reopen = async (limit: number): Promise<void> => {
      await sandbox.close().catch(() => undefined);
      body = mortal(store, { at: 1 + Math.floor(fate.fraction() * limit), after: fate.fraction() < 0.5 });
      sandbox = await createSandbox({ ...options, store: body });
      await sandbox.control.idle().catch(() => undefined);
    };
    await reopen(12);
    for (const operation of operationsOf(seed, STEPS)) {
      // An order to the control API and a DELETE carry no key; they are only sent by a process that lives to answer.
      const target = operation.kind === 'advance' ? (await readNow(store, account)) + operation.seconds : 0;
      for (;;) {
        if (body.dead()) {
          crashes += 1;
          await reopen(12);
          continue;
        }
        try {
          if (operation.kind === 'advance') await finishAdvance(sandbox, account, target);
          else if (operation.kind === 'call' && operation.key !== '') await perform(life, operation);
          else await unharmed(operation);
          if (!body.dead()) break;
        } catch (error) {
          if (!body.dead()) throw error;
        }
      }
    }
    open.push(sandbox);
    return { life, crashes };

    /** Keyless operations run in a process of their own that does not die. */
    async function unharmed(operation: Parameters<typeof perform>[1]): Promise<void> {
      await sandbox.close();
      body = mortal(store, { at: Number.POSITIVE_INFINITY, after: false });
      sandbox = await createSandbox({ ...options, store: body });
      await perform(life, operation);
      await reopen(12);
    }
  }

  async function readNow(store: Store, account: string): Promise<number> {
    const rows = await store.dump(account);
    return rows.objects.find((row) => row.id === rows.accounts[0]?.clockId)?.doc.frozen_time;
  }

  /** An advance that was under way goes on by itself in the new process; one that never began is asked for. */
  async function finishAdvance(sandbox: Sandbox, account: string, target: number): Promise<void> {
    const { now, status } = await sandbox.control.clock(account);
    if (status === 'advancing') await sandbox.control.idle();
    else if (now < target) await sandbox.control.advance({ account, to: target });
  }

  it('leaves the state of a life without crashes, in memory and in the database', { timeout: 120_000 }, async () => {
    const database = await openPglite();
    open.push(database);
    for (const [seed, kind] of [
      [2, 'memory'],
      [5, 'memory'],
      [11, 'memory'],
      [4, 'PGlite'],
    ] as const) {
      const quiet = await live(seed, { validateResponses: false, settle: 'off' });
      const store = kind === 'memory' ? memoryStore() : database.store;
      const { life, crashes } = await liveDangerously(seed, store);
      expect(crashes).toBeGreaterThan(4);
      const [calm, stormy] = [await quiet.sandbox().control.snapshot(), await store.dump()];
      expect([seed, brokenRules(stormy)]).toEqual([seed, []]);
      expect([seed, normal(stormy)]).toEqual([seed, normal(calm)]);
      expect(life.statuses.length).toBeGreaterThan(20);
    }
  });
});

describe('the invariants', () => {
  it('notice what is wrong: every rule is broken once', async () => {
    const life = await live(3);
    const dump = await life.sandbox().control.snapshot();
    const row = (object: string) => structuredClone(dump).objects.find((found) => found.object === object && found.doc.status !== 'draft')!;
    const broken = (object: string, change: (doc: Record<string, unknown>) => void): string => {
      const changed = row(object);
      change(changed.doc);
      const found = brokenRules({ ...dump, objects: dump.objects.map((other) => (other.id === changed.id ? changed : other)) });
      return found.join('\n');
    };
    expect(broken('invoice', (doc) => Object.assign(doc, { subtotal: 1, total: 2 }))).toMatch(
      /subtotal is the sum[\s\S]*total is subtotal/,
    );
    expect(broken('invoice', (doc) => Object.assign(doc, { amount_due: -1, amount_remaining: -1 }))).toMatch(
      /amount_due[\s\S]*amount_remaining/,
    );
    expect(broken('invoice', (doc) => Object.assign(doc, { amount_paid: 77 }))).toMatch(/77 paid, but/);
    expect(broken('charge', (doc) => Object.assign(doc, { amount_refunded: 10 ** 9 }))).toMatch(/its refunds add up[\s\S]*more refunded/);
    expect(broken('subscription', (doc) => Object.assign(doc, { ended_at: 5, status: 'active' }))).toMatch(/ended_at is 5/);
    expect(broken('customer', (doc) => Object.assign(doc, { balance: 12 }))).toMatch(/balance 12/);
    expect(brokenRules({ ...dump, objects: [] }).join('\n')).toMatch(/which is missing/);
    const [first, ...rest] = dump.events;
    expect(brokenRules({ ...dump, events: [{ ...first!, created: 2 ** 40 }, ...rest] }).join('\n')).toMatch(/goes back in time/);
    const timer = { account: life.account, id: 't', clock: null, dueAt: 1, seq: 1, kind: 'x', ref: 'none', data: {} };
    expect(brokenRules({ ...dump, timers: [timer] })).toHaveLength(2);
  });
});
