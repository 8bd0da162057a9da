/** Currencies and the limits of a charge. Amounts are integers in the currency's smallest unit by Stripe's table, not by ICU [K 9]. */
import { invalidRequest } from '../../kernel/errors.ts';

/** Eight digits [K 9]. */
export const MAXIMUM_AMOUNT = 99_999_999;
const DEFAULT_MINIMUM = 50;
const DEFAULT_MINIMUM_THREE_DECIMALS = 500;

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
/** Sent with two decimals although there are none in use: the last two digits must be 0. */
const WHOLE_UNITS_ONLY = new Set(['isk', 'ugx']);

/** docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MINIMUM: Record<string, number> = {
  usd: 50,
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};

const SYMBOLS: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' };

const CURRENCIES = new Set(
  `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk
  djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd
  kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar
  ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof
  xpf yer zar zmw`.split(/\s+/),
);

/** How many digits of an amount are decimals: 0, 2 or 3. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** The smallest amount Stripe charges in the currency; smaller invoices are marked paid and carried over [S 3.5]. */
export function minimumCharge(currency: string): number {
  return MINIMUM[currency] ?? (decimalsOf(currency) === 3 ? DEFAULT_MINIMUM_THREE_DECIMALS : DEFAULT_MINIMUM);
}

/** The currency in lower case; refuses one Stripe does not have. */
export function requireCurrency(given: string, param = 'currency'): string {
  const currency = given.toLowerCase();
  if (CURRENCIES.has(currency)) return currency;
  throw invalidRequest(`Invalid currency: ${given}. Stripe currently supports these currencies: ${[...CURRENCIES].join(', ')}`, { param });
}

/** Refuses an amount that cannot be charged: not positive, under the minimum, over eight digits, or with decimals the currency does not use. */
export function requireChargeable(amount: number, currency: string): void {
  if (!Number.isInteger(amount) || amount < 1) {
    throw invalidRequest(
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
      { code: 'parameter_invalid_integer', param: 'amount' },
    );
  }
  if (amount > MAXIMUM_AMOUNT) {
    throw invalidRequest(`Amount must be no more than ${spell(MAXIMUM_AMOUNT, currency)}`, { code: 'amount_too_large', param: 'amount' });
  }
  const minimum = minimumCharge(currency);
  if (amount < minimum) {
    throw invalidRequest(`Amount must be at least ${spell(minimum, currency)}`, { code: 'amount_too_small', param: 'amount' });
  }
  if (usesForbiddenDecimals(amount, currency)) {
    throw invalidRequest(
      `Invalid amount: ${currency.toUpperCase()} amounts must be evenly divisible by ${currency === 'isk' || currency === 'ugx' ? 100 : 10}.`,
      {
        code: 'invalid_charge_amount_no_decimal_compatible',
        param: 'amount',
      },
    );
  }
}

function usesForbiddenDecimals(amount: number, currency: string): boolean {
  return (WHOLE_UNITS_ONLY.has(currency) && amount % 100 !== 0) || (THREE_DECIMAL.has(currency) && amount % 10 !== 0);
}

/** An amount as Stripe's messages print it: `$0.50 usd`. */
export function spell(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const units = (amount / 10 ** decimals).toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ',');
  return `${SYMBOLS[currency] ?? ''}${units} ${currency}`;
}
