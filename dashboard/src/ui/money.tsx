import { formatMoney } from '../lib/money.ts';

/** An amount in minor units, with its currency and figures that line up. */
export function Money({ amount, currency }: { amount: number | string; currency: string }) {
  return <span className="whitespace-nowrap tabular-nums">{formatMoney(amount, currency)}</span>;
}
