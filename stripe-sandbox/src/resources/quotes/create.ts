import { DAY } from '../../billing/subscription/period.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { scheduleExpiry } from './expire.ts';
import { expiry, invoiceSettings, setFields } from './fields.ts';

/** Stripe's default. */
const LIFETIME = 30 * DAY;
const COPIED = [
  'collection_method',
  'currency',
  'customer',
  'description',
  'discounts',
  'footer',
  'header',
  'invoice_settings',
  'subscription_data',
  '_lines',
];
const SUMS = ['amount_subtotal', 'amount_total', 'computed', 'default_tax_rates', 'metadata', 'total_details', 'test_clock'];

/** A draft quote, of its own or as a copy of another. Emits quote.created. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const of = params.customer === undefined ? null : await tx.require('customer', params.customer, { param: 'customer' });
  const source = params.from_quote === undefined ? null : await sourceOf(tx, params);
  const quote = blank(tx, source ?? of);
  if (source === null) await setFields(tx, quote, params);
  else copy(tx, { quote, source, params });
  tx.put(quote);
  scheduleExpiry(tx, quote);
  tx.emit('quote.created', quote);
  return quote;
}

async function sourceOf(tx: Tx, params: Params): Promise<Doc> {
  const other = Object.keys(params).find((name) => !['from_quote', 'expires_at', 'expand'].includes(name));
  if (other !== undefined) throw invalidRequest(`You cannot set \`${other}\` if \`from_quote\` is set.`, { param: other });
  return tx.require('quote', params.from_quote.quote, { param: 'from_quote[quote]' });
}

function copy(tx: Tx, input: { quote: Doc; source: Doc; params: Params }): void {
  const { quote, source, params } = input;
  for (const name of [...COPIED, ...SUMS]) quote[name] = structuredClone(source[name]);
  quote.from_quote = { is_revision: params.from_quote.is_revision === true, quote: source.id };
  if (params.expires_at !== undefined) quote.expires_at = expiry(tx, quote, params.expires_at);
}

function blank(tx: Tx, of: Doc | null): Doc {
  const quote = tx.make(
    'quote',
    'qt',
    {
      automatic_tax: { enabled: false, liability: null, provider: null, status: null },
      collection_method: 'charge_automatically',
      default_tax_rates: [],
      discounts: [],
      invoice_settings: invoiceSettings({}),
      metadata: {},
      status: 'draft',
      status_transitions: { accepted_at: null, canceled_at: null, finalized_at: null },
      subscription_data: {
        billing_mode: { type: 'flexible' },
        description: null,
        effective_date: null,
        metadata: {},
        trial_period_days: null,
      },
      test_clock: null,
      _lines: [],
    },
    of,
  );
  quote.expires_at = quote.created + LIFETIME;
  return quote;
}
