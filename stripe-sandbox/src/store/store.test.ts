import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Doc } from '../kernel/types.ts';
import { openPglite, testStores } from '../testing/index.ts';
import {
  type AccountRow,
  type Batch,
  type DeliveryRow,
  type EventRow,
  emptyBatch,
  emptyDump,
  type ObjectRow,
  type Store,
  type StoreReads,
  type TimerRow,
} from './port.ts';

const ACCOUNT = 'acct_a';

function account(id = ACCOUNT): AccountRow {
  const settings = {
    name: 'Acme',
    email: 'a@example.com',
    country: 'US',
    currency: 'usd',
    retry_days: [1],
    retries_exhausted: 'cancel' as const,
    upcoming_days: 7,
    draft_hours: 1,
    tax_rounding: 'line' as const,
    numbering: 'customer' as const,
  };
  return {
    id,
    created: 100,
    settings,
    apiVersion: '2026-10-28.endive',
    clockMode: 'wall',
    clockId: null,
    seq: 0,
    counters: { invoice: 3 },
  };
}

function object(seq: number, fields: Partial<Doc> = {}, row: Partial<ObjectRow> = {}): ObjectRow {
  const doc = { id: `cus_${seq}`, object: 'customer', created: 1000 + seq, ...fields };
  return { account: ACCOUNT, id: doc.id, object: doc.object, created: doc.created, seq, clock: null, deleted: false, doc, ...row };
}

function event(seq: number, fields: Partial<EventRow> = {}): EventRow {
  const doc = { id: `evt_${seq}`, object: 'event', created: 1000 + seq, type: 'customer.created' };
  return {
    account: ACCOUNT,
    id: doc.id,
    seq,
    type: doc.type,
    created: doc.created,
    recordedAt: 5000 + seq,
    objectId: `cus_${seq}`,
    clock: null,
    doc,
    ...fields,
  };
}

function delivery(eventSeq: number, fields: Partial<DeliveryRow> = {}): DeliveryRow {
  return {
    id: `evt_${eventSeq}:we_1`,
    account: ACCOUNT,
    event: `evt_${eventSeq}`,
    eventSeq,
    eventType: 'customer.created',
    objectId: `cus_${eventSeq}`,
    clock: null,
    endpointAccount: ACCOUNT,
    endpoint: 'we_1',
    attempts: 0,
    dueAt: 5000,
    status: 'pending',
    responseStatus: null,
    responseBody: null,
    durationMs: null,
    ...fields,
  };
}

function timer(seq: number, dueAt: number, fields: Partial<TimerRow> = {}): TimerRow {
  return { account: ACCOUNT, id: `timer_${seq}`, clock: null, dueAt, seq, kind: 'period_end', ref: 'sub_1', data: { n: seq }, ...fields };
}

const write = (store: Store, batch: Partial<Batch>) => store.write(ACCOUNT, (writes) => writes.commit({ ...emptyBatch(), ...batch }));

describe.each(testStores(inject('databaseUrl')))('the store in $name', ({ open }) => {
  let store: Store;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = await open());
  });
  afterAll(() => close());
  beforeEach(() => store.replace(undefined, emptyDump()));

  it('gives back exactly what was written, and the latest version of it', async () => {
    const first = object(1, { email: 'a@example.com', metadata: { k: 'v' }, big: 12345678901234, list: [1, null, { a: 'ü' }] });
    await write(store, { accounts: [account()], objects: [first] });
    await store.read(async (reads) => {
      expect(await reads.account(ACCOUNT)).toEqual(account());
      expect(await reads.object(ACCOUNT, 'cus_1')).toEqual(first);
      expect(await reads.object(ACCOUNT, 'cus_2')).toBeUndefined();
      expect(await reads.objectAnywhere('cus_1')).toEqual(first);
    });
    await write(store, { objects: [{ ...first, doc: { ...first.doc, email: 'b@example.com' } }] });
    const byEmail = (email: string) =>
      store.read((reads) => reads.objects({ account: ACCOUNT, object: 'customer', where: { email }, order: 'newest', limit: 10 }));
    expect(await byEmail('a@example.com')).toEqual([]);
    expect((await byEmail('b@example.com')).map((row) => row.id)).toEqual(['cus_1']);
  });

  it('hands out copies: changing one does not change the store', async () => {
    await write(store, { objects: [object(1, { metadata: { k: 'v' } })] });
    const row = await store.read((reads) => reads.object(ACCOUNT, 'cus_1'));
    row!.doc.metadata.k = 'changed';
    expect((await store.read((reads) => reads.object(ACCOUNT, 'cus_1')))!.doc.metadata.k).toBe('v');
  });

  it('writes nothing when the transaction throws', async () => {
    const failing = store.write(ACCOUNT, async (writes) => {
      await writes.account(ACCOUNT);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.read((reads) => reads.accounts())).toEqual([]);
  });

  it('pages objects by order of creation in both directions and skips deleted ones', async () => {
    await write(store, {
      objects: [1, 2, 3, 4, 5, 6].map((seq) => object(seq, { customer: seq % 2 ? 'cus_x' : 'cus_y' }, seq === 3 ? { deleted: true } : {})),
    });
    const ids = async (query: object) => {
      const rows = await store.read((reads) =>
        reads.objects({ account: ACCOUNT, object: 'customer', where: {}, order: 'newest', limit: 10, ...query }),
      );
      return rows.map((row) => row.seq);
    };
    expect(await ids({})).toEqual([6, 5, 4, 2, 1]);
    expect(await ids({ limit: 2, beforeSeq: 5 })).toEqual([4, 2]);
    expect(await ids({ order: 'oldest', afterSeq: 2, limit: 2 })).toEqual([4, 5]);
    expect(await ids({ where: { customer: 'cus_x' } })).toEqual([5, 1]);
    expect(await ids({ where: { customer: ['cus_x', 'cus_y'] }, beforeSeq: 6 })).toEqual([5, 4, 2, 1]);
    expect(await ids({ createdFrom: 1002, createdTo: 1005 })).toEqual([5, 4, 2]);
    expect(await ids({ object: 'invoice' })).toEqual([]);
  });

  it('tells clocks apart', async () => {
    await write(store, { objects: [object(1), object(2, {}, { clock: 'clock_1' })] });
    const on = (clock: string | null | undefined) =>
      store.read((reads) => reads.objects({ account: ACCOUNT, object: 'customer', where: {}, clock, order: 'oldest', limit: 10 }));
    expect((await on(null)).map((row) => row.seq)).toEqual([1]);
    expect((await on('clock_1')).map((row) => row.seq)).toEqual([2]);
    expect((await on(undefined)).map((row) => row.seq)).toEqual([1, 2]);
  });

  it('filters events by type, object, time and delivery', async () => {
    const events = [event(1), event(2, { type: 'customer.updated' }), event(3)];
    await write(store, { events, deliveries: [delivery(1, { status: 'succeeded' }), delivery(3)] });
    const seqs = async (query: object) =>
      (await store.read((reads) => reads.events({ account: ACCOUNT, order: 'newest', limit: 10, ...query }))).map((row) => row.seq);
    expect(await seqs({})).toEqual([3, 2, 1]);
    expect(await seqs({ types: ['customer.updated'] })).toEqual([2]);
    expect(await seqs({ objectId: 'cus_3' })).toEqual([3]);
    expect(await seqs({ recordedFrom: 5002, order: 'oldest' })).toEqual([2, 3]);
    expect(await seqs({ deliverySuccess: true })).toEqual([2, 1]);
    expect(await seqs({ deliverySuccess: false })).toEqual([3]);
    expect(await seqs({ beforeSeq: 3, limit: 1 })).toEqual([2]);
    expect(await store.read((reads) => reads.event(ACCOUNT, 'evt_2'))).toEqual(events[1]);
  });

  it('finds deliveries by what is due, untried and about', async () => {
    await write(store, { deliveries: [delivery(2, { dueAt: 7000 }), delivery(1), delivery(3, { attempts: 1, status: 'failed' })] });
    const ids = async (query: object) =>
      (await store.read((reads) => reads.deliveries({ limit: 10, ...query }))).map((row) => row.eventSeq);
    expect(await ids({ status: 'pending' })).toEqual([1, 2]);
    expect(await ids({ status: 'pending', dueBy: 6000 })).toEqual([1]);
    expect(await ids({ untried: true })).toEqual([1, 2]);
    expect(await ids({ objectId: 'cus_3', eventType: 'customer.created' })).toEqual([3]);
    expect(await ids({ event: 'evt_2' })).toEqual([2]);
    await write(store, { deliveries: [delivery(1, { status: 'succeeded', attempts: 1 })] });
    expect(await ids({ status: 'pending' })).toEqual([2]);
  });

  it('pops timers by due time, then by order of setting; cancelling comes before setting again', async () => {
    await write(store, {
      timers: [timer(3, 50), timer(2, 50), timer(1, 90), timer(4, 10, { clock: 'clock_1' }), timer(5, 20, { kind: 'trial_end' })],
    });
    const ids = async (query: object) =>
      (await store.read((reads) => reads.timers({ account: ACCOUNT, clock: null, limit: 10, ...query }))).map((row) => row.seq);
    expect(await ids({})).toEqual([5, 2, 3, 1]);
    expect(await ids({ dueBy: 50 })).toEqual([5, 2, 3]);
    expect(await ids({ clock: 'clock_1' })).toEqual([4]);
    await write(store, { cancelTimers: [{ account: ACCOUNT, ref: 'sub_1', kind: 'period_end' }], timers: [timer(9, 95)] });
    expect(await ids({})).toEqual([5, 9]);
    await write(store, { deleteTimers: [{ account: ACCOUNT, id: 'timer_5' }] });
    expect(await store.read((reads) => reads.timers({ account: ACCOUNT, clock: null, limit: 1 }))).toEqual([timer(9, 95)]);
  });

  it('keeps idempotency answers until they are pruned, and keys until they are revoked', async () => {
    const row = {
      account: ACCOUNT,
      key: 'k1',
      route: 'POST /v1/customers',
      hash: 'h',
      requestId: 'req_1',
      status: 200,
      headers: { a: 'b' },
      body: '{}',
      created: 1000,
    };
    const key = {
      hash: 'h1',
      account: ACCOUNT,
      kind: 'secret' as const,
      permissions: ['x'],
      platform: null,
      expiresAt: 9_000_000_000_000,
      hint: 'sk_test_***',
    };
    await write(store, { idempotency: [row], keys: [key] });
    expect(await store.read((reads) => reads.idempotency(ACCOUNT, 'k1'))).toEqual(row);
    expect(await store.read((reads) => reads.key('h1'))).toEqual(key);
    await store.prune(1001);
    await write(store, { revokeKeys: [{ account: ACCOUNT }] });
    expect(await store.read((reads) => reads.idempotency(ACCOUNT, 'k1'))).toBeUndefined();
    expect(await store.read((reads) => reads.keys(ACCOUNT))).toEqual([]);
  });

  it('lets one writer per account in at a time', async () => {
    await write(store, { accounts: [account()] });
    const increment = () =>
      store.write(ACCOUNT, async (writes) => {
        const row = (await writes.account(ACCOUNT))!;
        await new Promise((resolve) => setImmediate(resolve));
        await writes.commit({ ...emptyBatch(), accounts: [{ ...row, seq: row.seq + 1 }] });
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect((await store.read((reads) => reads.account(ACCOUNT)))!.seq).toBe(20);
  });

  it('calls back after the commit, when every reader sees what was written, and not at all after a throw', async () => {
    const seen: Promise<number | undefined>[] = [];
    const look = () => void seen.push(store.read((reads) => reads.account(ACCOUNT)).then((row) => row?.seq));
    await store.write(ACCOUNT, async (writes) => {
      await writes.commit({ ...emptyBatch(), accounts: [{ ...account(), seq: 7 }] });
      writes.afterCommit(look);
      expect(seen).toEqual([]);
    });
    const failing = store.write(ACCOUNT, async (writes) => {
      writes.afterCommit(look);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await Promise.all(seen)).toEqual([7]);
  });

  it('dumps, wipes one account and loads a dump back', async () => {
    const other = { ...object(1), account: 'acct_b' };
    await write(store, {
      accounts: [account(), account('acct_b')],
      objects: [object(1), other],
      events: [event(1)],
      deliveries: [delivery(1)],
      timers: [timer(1, 5)],
    });
    const before = await store.dump();
    await store.replace(ACCOUNT, { ...emptyDump(), accounts: [account()] });
    expect(await store.read((reads) => reads.object(ACCOUNT, 'cus_1'))).toBeUndefined();
    expect(await store.read((reads) => reads.object('acct_b', 'cus_1'))).toEqual(other);
    expect((await store.dump(ACCOUNT)).events).toEqual([]);
    await store.replace(undefined, before);
    expect(await store.dump()).toEqual(before);
  });
});

describe('the row cache of the SQL store', () => {
  const ACCOUNT_ROW = { ...account(), seq: 5 };
  let opened: Awaited<ReturnType<typeof openPglite>>;
  beforeAll(async () => {
    opened = await openPglite();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.store.replace(undefined, emptyDump());
    await write(opened.store, { accounts: [ACCOUNT_ROW], objects: [object(1)] });
  });
  const nameOf = (reads: StoreReads) => reads.object(ACCOUNT, 'cus_1').then((row) => row?.doc.name);
  const named = (name: string) => ({ ...object(1), doc: { ...object(1).doc, name } });
  const look = () =>
    opened.store.read(async (reads) => {
      await reads.account(ACCOUNT);
      return nameOf(reads);
    });

  it('shows a transaction what it wrote itself, and others only once it is committed', async () => {
    await look();
    await opened.store.write(ACCOUNT, async (writes) => {
      const row = (await writes.account(ACCOUNT))!;
      await writes.commit({ ...emptyBatch(), accounts: [{ ...row, seq: 6 }], objects: [named('written')] });
      expect(await nameOf(writes)).toBe('written');
      expect((await writes.account(ACCOUNT))!.seq).toBe(6);
    });
    expect(await look()).toBe('written');
  });

  it('forgets what a transaction wrote that was undone', async () => {
    const before = await look();
    const failing = opened.store.write(ACCOUNT, async (writes) => {
      const row = (await writes.account(ACCOUNT))!;
      await writes.commit({ ...emptyBatch(), accounts: [{ ...row, seq: 6 }], objects: [named('undone')] });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await look()).toBe(before);
  });

  it('hands out copies: changing one changes nothing', async () => {
    await look();
    await opened.store.read(async (reads) => {
      await reads.account(ACCOUNT);
      (await reads.object(ACCOUNT, 'cus_1'))!.doc.name = 'scribbled';
    });
    expect(await look()).not.toBe('scribbled');
  });

  it('sees by the account’s seq that another process wrote', async () => {
    const other = opened.twin();
    await look();
    await write(other, { accounts: [{ ...ACCOUNT_ROW, seq: 6 }], objects: [named('by the other')] });
    expect(await look()).toBe('by the other');
  });

  it('forgets an object written without it', async () => {
    await look();
    await write(opened.store, { objects: [named('without seq')] });
    expect(await look()).toBe('without seq');
    await opened.store.replace(ACCOUNT, { ...emptyDump(), accounts: [{ ...ACCOUNT_ROW, seq: 9 }], objects: [named('replaced')] });
    expect(await look()).toBe('replaced');
  });
});
