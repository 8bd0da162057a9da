import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { testStores } from '../testing/index.ts';
import { emptyBatch, emptyDump, type MeterEventRow, type Store, type UsageQuery } from './port.ts';

const ACCOUNT = 'acct_a';
const ONE = 10n ** 12n;

function event(seq: number, fields: Partial<MeterEventRow> = {}): MeterEventRow {
  return {
    account: ACCOUNT,
    id: `mtrevt_${seq}`,
    seq,
    meter: 'mtr_a',
    customer: 'cus_a',
    eventName: 'tokens',
    identifier: `id_${seq}`,
    at: 1000,
    received: 1000,
    value: String(ONE),
    cancelled: false,
    ...fields,
  };
}

/** The same question answered without an index, a sort or a group: by looking at every event for every second. */
function oracle(events: MeterEventRow[], query: UsageQuery) {
  const mine = events.filter(
    (row) => row.meter === query.meter && row.customer === query.customer && !row.cancelled && row.at >= query.from && row.at < query.to,
  );
  const beaten = (row: MeterEventRow, other: MeterEventRow, span: number) =>
    Math.floor(row.at / span) === Math.floor(other.at / span) && (other.at > row.at || (other.at === row.at && other.seq > row.seq));
  const counted = mine.filter((row) => query.window === null || !mine.some((other) => beaten(row, other, query.window!)));
  const starts = [...new Set(counted.map((row) => (query.grouping === null ? 0 : row.at - (row.at % query.grouping))))];
  return starts
    .sort((a, b) => b - a)
    .slice(0, query.limit)
    .map((start) => {
      const inside = counted.filter((row) => query.grouping === null || row.at - (row.at % query.grouping) === start);
      const last = inside.find((row) => !inside.some((other) => beaten(row, other, Number.MAX_SAFE_INTEGER)))!;
      return {
        start,
        count: inside.length,
        sum: String(inside.reduce((sum, row) => sum + BigInt(row.value), 0n)),
        last: last.value,
      };
    });
}

describe.each(testStores(inject('databaseUrl')))('usage in the $name store', ({ open }) => {
  let store: Store;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = await open());
  });
  afterAll(() => close());
  beforeEach(() => store.replace(undefined, emptyDump()));
  const put = (rows: MeterEventRow[]) => store.write(ACCOUNT, (writes) => writes.commit({ ...emptyBatch(), meterEvents: rows }));
  const base: UsageQuery = {
    account: ACCOUNT,
    meter: 'mtr_a',
    customer: 'cus_a',
    from: 0,
    to: 10_000,
    window: null,
    grouping: null,
    limit: 100,
  };

  it('keeps values beyond the safe integers exact', async () => {
    const value = String(999_999_999_999_999n * ONE + 1n);
    await put([event(1, { value }), event(2, { value }), event(3, { value: '-2', at: 900 })]);
    expect(await store.read((reads) => reads.usage(base))).toEqual([
      { start: 0, count: 3, sum: String(2n * BigInt(value) - 2n), last: value },
    ]);
  });

  it('finds the newest event of an identifier and writes its cancellation over it', async () => {
    await put([event(1, { identifier: 'x' }), event(2, { identifier: 'x', value: '5' })]);
    const found = await store.read((reads) => reads.meterEvent(ACCOUNT, 'x'));
    expect(found).toEqual(event(2, { identifier: 'x', value: '5' }));
    await put([{ ...found!, cancelled: true }]);
    expect(await store.read((reads) => reads.usage(base))).toMatchObject([{ count: 1, sum: String(ONE) }]);
    expect(await store.read((reads) => reads.meterEvent(ACCOUNT, 'none'))).toBeUndefined();
  });

  it('is part of a dump and goes with its account', async () => {
    await put([event(1), event(2, { account: 'acct_b', id: 'other' })]);
    const dump = await store.dump();
    expect(dump.meterEvents).toHaveLength(2);
    await store.replace(ACCOUNT, emptyDump());
    expect((await store.dump()).meterEvents.map((row) => row.account)).toEqual(['acct_b']);
    await store.replace(undefined, dump);
    expect(await store.read((reads) => reads.usage(base))).toHaveLength(1);
  });

  it('answers any question like an oracle that looks at every event', async () => {
    const row = fc.record({
      at: fc.integer({ min: 1, max: 40 }),
      value: fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map(String),
      meter: fc.constantFrom('mtr_a', 'mtr_b'),
      customer: fc.constantFrom('cus_a', 'cus_b'),
      cancelled: fc.boolean(),
    });
    const question = fc.record({
      from: fc.integer({ min: 0, max: 20 }),
      to: fc.integer({ min: 10, max: 45 }),
      window: fc.constantFrom(null, 4, 7),
      grouping: fc.constantFrom(null, 5, 10),
      limit: fc.constantFrom(1, 3, 50),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), question, async (rows, asked) => {
        await store.replace(undefined, emptyDump());
        const events = rows.map((fields, index) => event(index + 1, fields));
        await put(events);
        const query = { ...base, ...asked };
        expect(await store.read((reads) => reads.usage(query))).toEqual(oracle(events, query));
      }),
      { numRuns: 60 },
    );
  });
});
