/**
 * Automatic tax of a session: where its buyer is, and which rates follow. The buyer is read as the customer will be once they have paid, so that
 * the session and the invoice made for it come to the same total.
 */
import {
  type AutomaticTaxLine,
  type AutomaticTaxStatus,
  automaticTax,
  automaticTaxShape,
  locationOf,
  type RateRule,
  requireTaxSettings,
} from '../../billing/tax/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { Line } from './line-items.ts';

/** What the page was told of the place. */
export type Place = { address?: Params; shipping?: Params; taxIds: string[] };

export type SessionRates = { lines: RateRule[][]; shipping: RateRule[] };

/** Refuses automatic tax while the settings are incomplete, and for a customer whose place is not known and may not be asked [TryGhost/Ghost #20105]. */
export async function requireTax(tx: Tx, params: Params, customer: Doc | null): Promise<void> {
  if (params.automatic_tax?.enabled !== true) return;
  await requireTaxSettings(tx);
  const update: Params = params.customer_update ?? {};
  if (customer === null || update.address === 'auto' || update.shipping === 'auto') return;
  if ((await locationOf(tx, customer)) !== null) return;
  throw invalidRequest(
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
    { code: 'customer_tax_location_invalid' },
  );
}

/** The rates of each line and of shipping; null without automatic tax. The session notes how the calculation ended. */
export async function sessionRates(tx: Tx, session: Doc): Promise<SessionRates | null> {
  if (session.automatic_tax.enabled !== true) return null;
  const asked: AutomaticTaxLine[] = [];
  for (const line of session._lines as Line[]) asked.push(await taxLine(tx, line));
  const rate = session.shipping_cost == null ? undefined : await tx.get(session.shipping_cost.shipping_rate, { object: 'shipping_rate' });
  if (rate !== undefined) asked.push({ behavior: rate.tax_behavior, taxCode: rate.tax_code ?? null });
  const answer = await automaticTax(tx, {
    customer: await taxedBuyer(tx, session),
    taxIds: session._place?.taxIds ?? [],
    currency: session.currency,
    at: tx.now(session),
    lines: asked,
  });
  session.automatic_tax = sessionTaxShape(true, answer.status);
  const lines = answer.lines.slice(0, session._lines.length);
  return { lines, shipping: answer.lines[lines.length] ?? [] };
}

/** `automatic_tax` of a session as shown. */
export function sessionTaxShape(enabled: boolean, status: AutomaticTaxStatus | null = null): Params {
  const { disabled_reason: _none, ...shape } = automaticTaxShape(enabled, status);
  return shape;
}

/** Whether tax needs the billing address of the page: unless the shipping address decides, or what is on file may not be changed. */
export function taxAsksAddress(session: Doc): boolean {
  if (session.automatic_tax.enabled !== true) return false;
  const asksShipping = session.shipping_address_collection !== null;
  if (session.customer === null) return !asksShipping;
  const update: Params = session._data.customer_update;
  return update.address === 'auto' && !(asksShipping && update.shipping === 'auto');
}

/** The customer as the purchase will leave them. */
async function taxedBuyer(tx: Tx, session: Doc): Promise<Params> {
  const id: string | null = session.customer ?? session._customer ?? null;
  const customer: Params = (id === null ? undefined : await tx.get(id, { object: 'customer' })) ?? {};
  const place: Partial<Place> = session._place ?? {};
  const update: Params = session.customer === null ? { address: 'auto', shipping: 'auto' } : session._data.customer_update;
  return {
    ...customer,
    ...(update.address === 'auto' && place.address !== undefined ? { address: place.address } : {}),
    ...(update.shipping === 'auto' && place.shipping !== undefined ? { shipping: place.shipping } : {}),
  };
}

async function taxLine(tx: Tx, { item }: Line): Promise<AutomaticTaxLine> {
  const price = (await tx.get(item.price.id, { object: 'price', deleted: true })) ?? item.price;
  const product = await tx.get(item.price.product, { object: 'product', deleted: true });
  return { behavior: price.tax_behavior ?? null, taxCode: product?.tax_code ?? null };
}
