import type { Doc, Params } from '../../kernel/types.ts';
import { discountParams } from './discounts.ts';
import type { Line } from './line-items.ts';

/** Stripe's own parameters for the subscription a session sells; one-time lines go onto its first invoice. */
export function subscriptionParams(session: Doc, customer: Doc): Params {
  const lines: Line[] = session._lines;
  const line = ({ item, rates }: Line): Params => ({
    price: item.price.id,
    // Taken when the session was opened: given in line it is inactive, and archived since it stands.
    _agreed: true,
    ...(item.quantity === null ? {} : { quantity: item.quantity }),
    ...(rates.length > 0 ? { tax_rates: rates } : {}),
  });
  const once = lines.filter((one) => one.item.price.type !== 'recurring').map(line);
  const discounts = discountParams(session);
  return {
    ...session._data.subscription_data,
    customer: customer.id,
    currency: session.currency,
    items: lines.filter((one) => one.item.price.type === 'recurring').map(line),
    ...(once.length > 0 ? { add_invoice_items: once } : {}),
    ...(discounts.length > 0 ? { discounts } : {}),
    ...(session.automatic_tax.enabled ? { automatic_tax: { enabled: true } } : {}),
    payment_settings: { save_default_payment_method: 'on_subscription' },
  };
}
