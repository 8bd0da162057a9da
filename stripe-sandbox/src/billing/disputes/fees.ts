/** What a chargeback costs besides its amount [stripe.com/pricing, "Disputes"]. Smallest units; there is no conversion here, so the charge's currency counts. */
import { decimalsOf } from '../payments/index.ts';

const FEES: Record<string, number> = { usd: 1500, cad: 1500, eur: 2000, gbp: 2000, aud: 2500, chf: 2000, jpy: 1300 };
const DEFAULT_UNITS = 15;

export function disputeFee(currency: string): number {
  return FEES[currency] ?? DEFAULT_UNITS * 10 ** decimalsOf(currency);
}
