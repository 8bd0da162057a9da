/** The reads of the SQL store: one statement each. */
import { conditions } from './columns.ts';
import type { DeliveryQuery, EventQuery, ObjectQuery, StoreReads, TimerQuery, UsageBucket } from './port.ts';
import type { Runner } from './statements.ts';
import { fromSql, selected, TABLES, type TableName } from './tables.ts';

export function sqlReads(runner: Runner): StoreReads {
  const all = async <T>(name: TableName, rest: string, values: unknown[] = []): Promise<T[]> => {
    const { rows } = await runner.query(`select ${SELECTED[name]} from stripe_sandbox.${TABLES[name].name} ${rest}`, values);
    return rows.map((row) => fromSql<T>(name, row));
  };
  const one = async <T>(name: TableName, rest: string, values: unknown[]): Promise<T | undefined> => (await all<T>(name, rest, values))[0];
  return {
    account: (id) => one('accounts', 'where id = $1', [id]),
    accounts: () => all('accounts', 'order by created, id'),
    key: (hash) => one('keys', 'where hash = $1', [hash]),
    keys: (account) => all('keys', 'where account = $1', [account]),
    object: (account, id) => one('objects', 'where account = $1 and id = $2', [account, id]),
    objectAnywhere: (id) => one('objects', 'where id = $1 limit 1', [id]),
    objects(query) {
      const where = objectConditions(query);
      return all('objects', `where ${where.text} order by seq ${direction(query.order)} limit ${where.limit}`, where.values);
    },
    event: (account, id) => one('events', 'where account = $1 and id = $2', [account, id]),
    events(query) {
      const where = eventConditions(query);
      return all('events', `where ${where.text} order by seq ${direction(query.order)} limit ${where.limit}`, where.values);
    },
    deliveries(query) {
      const where = deliveryConditions(query);
      return all('deliveries', `where ${where.text} order by due_at, event_seq, id limit ${where.limit}`, where.values);
    },
    timers(query) {
      const where = timerConditions(query);
      return all('timers', `where ${where.text} order by due_at, seq limit ${where.limit}`, where.values);
    },
    idempotency: (account, key) => one('idempotency', 'where account = $1 and key = $2', [account, key]),
    meterEvent: (account, identifier) =>
      one('meterEvents', 'where account = $1 and identifier = $2 order by seq desc limit 1', [account, identifier]),
    async usage(query) {
      const { account, meter, customer, from, to, window, grouping, limit } = query;
      const { rows } = await runner.query(window === null ? USAGE : USAGE_OF_LAST, [
        ...[account, meter, customer, from, to, grouping ?? 0, Math.floor(limit)],
        ...(window === null ? [] : [window]),
      ]);
      return rows.map((row): UsageBucket => ({ start: Number(row.start), count: Number(row.count), sum: row.sum, last: row.last }));
    },
  };
}

const SELECTED = Object.fromEntries((Object.keys(TABLES) as TableName[]).map((name) => [name, selected(name)])) as Record<
  TableName,
  string
>;

const REPORTED = `from stripe_sandbox.meter_event
  where account = $1 and meter = $2 and customer = $3 and not cancelled and at >= $4::bigint and at < $5::bigint`;
/** What makes one bucket: a span of time, or everything. */
const aggregated = (source: string) => `select case when $6::bigint = 0 then 0 else at / greatest($6::bigint, 1) * $6::bigint end as start,
  count(*) as count, sum(value)::text as sum, (array_agg(value order by at desc, seq desc))[1]::text as last
  ${source} group by 1 order by 1 desc limit $7`;
const USAGE = aggregated(REPORTED);
/** Of each span only its last event. */
const USAGE_OF_LAST = aggregated(
  `from (select distinct on (at / $8::bigint) at, seq, value ${REPORTED} order by at / $8::bigint, at desc, seq desc) as reported`,
);

/** Collects conditions and their numbered values. */
function collector() {
  const parts: string[] = [];
  const values: unknown[] = [];
  return {
    /** `?` stands for the value's number; skipped when the value is undefined. */
    add(text: string, value: unknown) {
      if (value === undefined) return;
      values.push(value);
      parts.push(text.replace('?', `$${values.length}`));
    },
    plain: (text: string) => void parts.push(text),
    /** The limit is a parameter too, so that its value makes no new statement. */
    result(limit: number) {
      values.push(Math.floor(limit));
      return { text: parts.length === 0 ? 'true' : parts.join(' and '), values, limit: `$${values.length}` };
    },
  };
}

function objectConditions(query: ObjectQuery) {
  const where = collector();
  where.add('account = ?', query.account);
  where.add('object = ?', query.object);
  where.plain('not deleted');
  for (const [column, values] of conditions(query.where)) {
    if (values.length === 1) where.add(`${column} = ?`, values[0]);
    else where.add(`${column} = any(?::text[])`, values);
  }
  addRanges(where, query);
  return where.result(query.limit);
}

function eventConditions(query: EventQuery) {
  const where = collector();
  where.add('account = ?', query.account);
  where.add('id = any(?::text[])', query.ids);
  where.add('type = any(?::text[])', query.types);
  if (query.snapshotsOnly === true) where.plain("type !~ '^v[0-9][.]'");
  where.add('object_id = ?', query.objectId);
  where.add('recorded_at >= ?', query.recordedFrom);
  addRanges(where, query);
  if (query.deliverySuccess !== undefined) {
    const some = `exists (select 1 from stripe_sandbox.delivery d where d.account = event.account and d.event = event.id and d.status <> 'succeeded')`;
    where.plain(query.deliverySuccess ? `not ${some}` : some);
  }
  return where.result(query.limit);
}

function addRanges(
  where: ReturnType<typeof collector>,
  query: Pick<ObjectQuery, 'clock' | 'createdFrom' | 'createdTo' | 'beforeSeq' | 'afterSeq'>,
): void {
  if (query.clock === null) where.plain('clock is null');
  else where.add('clock = ?', query.clock);
  where.add('created >= ?', query.createdFrom);
  where.add('created <= ?', query.createdTo);
  where.add('seq < ?', query.beforeSeq);
  where.add('seq > ?', query.afterSeq);
}

function deliveryConditions(query: DeliveryQuery) {
  const where = collector();
  where.add('account = ?', query.account);
  where.add('event = ?', query.event);
  where.add('endpoint = ?', query.endpoint);
  where.add('event_type = ?', query.eventType);
  where.add('object_id = ?', query.objectId);
  // A literal, so that the partial index on pending rows is used.
  if (query.status !== undefined) where.plain(`status = '${query.status}'`);
  where.add('due_at <= ?', query.dueBy);
  if (query.untried === true) where.plain('attempts = 0');
  return where.result(query.limit);
}

function timerConditions(query: TimerQuery) {
  const where = collector();
  where.add('account = ?', query.account);
  if (query.clock === null) where.plain('clock is null');
  else where.add('clock = ?', query.clock);
  where.add('due_at <= ?', query.dueBy);
  where.add('ref = ?', query.ref);
  return where.result(query.limit);
}

function direction(order: 'newest' | 'oldest'): string {
  return order === 'newest' ? 'desc' : 'asc';
}
