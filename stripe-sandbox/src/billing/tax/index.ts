/** Tax: rates set by hand, and automatic tax. See README.md. */
export { applyTaxes, type RateRule, type TaxAmount, type TaxableLine } from './apply.ts';
export {
  type AutomaticTaxInput,
  type AutomaticTaxLine,
  type AutomaticTaxResult,
  type AutomaticTaxStatus,
  automaticTax,
  automaticTaxShape,
  locationInvalid,
  locationOf,
  requireTaxSettings,
} from './automatic.ts';
export { automaticRates, calculateTaxes, type TaxabilityReason, type TaxedLine, type TaxQuestion } from './calculate.ts';
export { TAX_CODES } from './codes.ts';
export type { TaxConfig } from './settings.ts';
