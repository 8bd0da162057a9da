import { transaction } from '../../../kit/database.ts';
import type { Params } from '../client.ts';
import { isFailure } from '../failure.ts';
import { fetchObject, nextFetchSeq, pages } from './fetch.ts';
import { toInvoice } from './invoice.ts';
import { decidingIntent } from './invoice-payment.ts';
import { knownOf } from './known.ts';
import { load } from './load.ts';
import { parentsOf } from './parents.ts';
import { record } from './record.ts';
import { type Fetched, keyOf, type RemoteBody, type RemoteType, type Source } from './source.ts';
import { Unreadable } from './unreadable.ts';

type Step = { type: RemoteType; path: string; query: Params; clock?: string };

/** Before what rests on it, each kind; at most four levels of expansion from the list down. */
const STEPS: readonly Step[] = [
  { type: 'product', path: '/v1/products', query: {} },
  { type: 'price', path: '/v1/prices', query: {} },
  { type: 'customer', path: '/v1/customers', query: { expand: ['data.invoice_settings.default_payment_method', 'data.default_source'] } },
  { type: 'subscription', path: '/v1/subscriptions', query: { status: 'all' } },
  { type: 'invoice', path: '/v1/invoices', query: { expand: ['data.payments'] } },
  { type: 'payment_intent', path: '/v1/payment_intents', query: { expand: ['data.latest_charge', 'data.payment_method'] } },
  { type: 'refund', path: '/v1/refunds', query: {} },
];

/** Which of these Stripe can list for one test clock, and which only by customer. */
const BY_CLOCK: ReadonlySet<RemoteType> = new Set(['customer', 'subscription']);
const BY_CUSTOMER: ReadonlySet<RemoteType> = new Set(['invoice', 'payment_intent']);

export type ScanCounts = Record<string, number>;

/**
 * Mirrors what the account holds, page by page, as history: state is written and nobody is mailed. Repeating it changes nothing. An object
 * that cannot be read is counted under `unreadable` and left out. Answers how many of each kind there are.
 */
export async function scanAccount(source: Source, a: ScanHooks = {}): Promise<ScanCounts> {
  const scan: Scan = { source, counts: {}, intentsOfInvoices: new Set(), ...a };
  for (const step of STEPS) await scanList(scan, step);
  if (!source.connection.livemode) await scanTestClocks(scan);
  return scan.counts;
}

/** The kinds a scan lists, in the order in which they are recorded. */
export const SCANNED: readonly RemoteType[] = STEPS.map(({ type }) => type);

export type ScanHooks = {
  onPage?: (counts: ScanCounts) => Promise<void>;
  /** Told which of a page's objects are held exactly as they stand: they are not recorded again. */
  unchanged?: (a: { type: RemoteType; seq: bigint; page: readonly RemoteBody[] }) => Promise<Set<string>>;
  /** A kind that may not be listed: that it was not seen says nothing about it. */
  onRefused?: (type: RemoteType) => void;
};

type Scan = ScanHooks & { source: Source; counts: ScanCounts; intentsOfInvoices: Set<string> };

async function scanList(scan: Scan, step: Step): Promise<RemoteBody[]> {
  const seen: RemoteBody[] = [];
  try {
    // A number taken before the first page: anything fetched for an event meanwhile is newer.
    const seq = await nextFetchSeq(scan.source);
    for await (const listed of pages(scan.source, step.path, step.query)) {
      // An account's own clock is listed among the test clocks; its objects have been seen already.
      const page = step.clock === undefined ? listed : listed.filter((body) => body.test_clock === step.clock);
      const same = (await scan.unchanged?.({ type: step.type, seq, page: page.filter(isSettled) })) ?? new Set();
      for (const body of page) {
        if (!same.has(body.id)) await recordOne(scan, { type: step.type, id: body.id, seq, body, deleted: body.deleted === true });
      }
      scan.counts[step.type] = (scan.counts[step.type] ?? 0) + page.length;
      if (step.type === 'customer') seen.push(...page);
      await scan.onPage?.(scan.counts);
    }
  } catch (error) {
    // A kind we may not read, or that is not there, is a function that is off and not a reason to mirror nothing.
    if (!isFailure(error, 'forbidden', 'invalid')) throw error;
    scan.onRefused?.(step.type);
  }
  return seen;
}

/** An invoice that is not settled may change by its PaymentIntent alone, which is read beside it. */
function isSettled(body: RemoteBody): boolean {
  return body.object !== 'invoice' || body.status === 'paid' || body.status === 'void';
}

/** Objects on test clocks do not appear in the plain lists. */
async function scanTestClocks(scan: Scan): Promise<void> {
  const clocks: RemoteBody[] = [];
  try {
    for await (const page of pages(scan.source, '/v1/test_helpers/test_clocks')) clocks.push(...page);
  } catch (error) {
    if (!isFailure(error, 'forbidden', 'missing', 'invalid')) throw error;
  }
  for (const clock of clocks) {
    const customers: RemoteBody[] = [];
    for (const step of STEPS) {
      if (BY_CLOCK.has(step.type))
        customers.push(...(await scanList(scan, { ...step, query: { ...step.query, test_clock: clock.id }, clock: clock.id })));
      if (!BY_CUSTOMER.has(step.type)) continue;
      for (const customer of customers) await scanList(scan, { ...step, query: { ...step.query, customer: customer.id } });
    }
  }
}

async function recordOne(scan: Scan, fetched: Fetched): Promise<void> {
  const { ctx, connection } = scan.source;
  try {
    const loaded = [...(await missingParents(scan.source, fetched)), await withIntent(scan, fetched)];
    await transaction(ctx, (tx) => record(tx, { connection, loaded, witness: HISTORY }));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    scan.counts.unreadable = (scan.counts.unreadable ?? 0) + 1;
    ctx.log.warn('scan_unreadable', {
      connection_id: connection.id,
      object_type: fetched.type,
      object_id: fetched.id,
      reason: error.reason,
    });
  }
}

const HISTORY = { cause: null, witnessAt: null, silent: true } as const;

async function missingParents(source: Source, fetched: Fetched): Promise<Fetched[]> {
  const wanted = parentsOf(fetched);
  const known = await knownOf(source, wanted);
  const loaded: Fetched[] = [];
  for (const parent of wanted) if (!known.has(keyOf(parent))) loaded.push(...(await load(source, parent)));
  return loaded;
}

async function withIntent(scan: Scan, fetched: Fetched): Promise<Fetched> {
  if (fetched.type === 'payment_intent') return { ...fetched, ofInvoice: scan.intentsOfInvoices.has(fetched.id) };
  if (fetched.type !== 'invoice') return fetched;
  const invoice = toInvoice(fetched.body);
  for (const { payment } of invoice.payments) if (payment.payment_intent) scan.intentsOfInvoices.add(payment.payment_intent);
  const id = decidingIntent(invoice.payments);
  if (id === null || invoice.stripeStatus === 'paid' || invoice.stripeStatus === 'void') return fetched;
  return { ...fetched, intent: (await fetchObject(scan.source, { type: 'payment_intent', id })).body };
}
