/** What an account has said about tax: head office and defaults (`/v1/tax/settings`), registrations, and its own rows of the table. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { EU, type TaxRow } from './rates.ts';

/** The account setting `tax` of the control API. */
export type TaxConfig = {
  /** Rows added to the stated table, or put in place of those of the same country and state. */
  rates?: TaxRow[];
  /** Where an IP address is: the Sandbox looks nothing up. */
  ip_locations?: Record<string, { country: string; state?: string }>;
  /** True: every calculation fails, as when the tax system is down. */
  outage?: boolean;
};

export const SETTINGS_ID = 'sandbox_tax_settings';
export const OSS_TYPES = new Set(['oss_union', 'oss_non_union', 'ioss']);

export function taxConfig(tx: Tx): TaxConfig {
  return (tx.account.settings.tax as TaxConfig | undefined) ?? {};
}

export type TaxSettings = {
  defaults: { provider: string; tax_behavior: string | null; tax_code: string | null };
  head_office: Params | null;
};

/**
 * The stored settings. Until they are first written the head office is the account's country, and prices that say nothing are exclusive; in the
 * strict profile nothing is set, as in a new account of Stripe.
 */
export async function taxSettings(tx: Tx): Promise<TaxSettings> {
  const stored = await tx.get(SETTINGS_ID);
  if (stored !== undefined) return { defaults: stored.defaults, head_office: stored.head_office };
  if (tx.profile === 'strict') return { defaults: { provider: 'stripe', tax_behavior: null, tax_code: null }, head_office: null };
  const blank = { city: null, line1: null, line2: null, postal_code: null, state: null };
  return {
    defaults: { provider: 'stripe', tax_behavior: 'exclusive', tax_code: null },
    head_office: { address: { ...blank, country: tx.account.settings.country } },
  };
}

/** What is missing before tax can be worked out. */
export function missingFields(settings: TaxSettings): string[] {
  return settings.head_office?.address?.country ? [] : ['head_office'];
}

/** Whether a price without a tax behaviour includes its tax; null = the account never said. */
export function defaultBehavior(settings: TaxSettings, currency: string): 'inclusive' | 'exclusive' | null {
  const chosen = settings.defaults.tax_behavior;
  if (chosen === 'inferred_by_currency') return currency === 'usd' || currency === 'cad' ? 'exclusive' : 'inclusive';
  return chosen as 'inclusive' | 'exclusive' | null;
}

/**
 * Which taxes the account collects at an instant: those it is registered for. Without any registration object every tax is collected, so that
 * automatic tax shows something out of the box; in the strict profile none is, as at Stripe.
 */
export async function collector(tx: Tx, at: number): Promise<(row: TaxRow) => boolean> {
  const all = await tx.query({ object: 'tax.registration' });
  if (all.length === 0) return () => tx.profile !== 'strict';
  const active = all.filter((registration) => statusAt(registration, at) === 'active');
  return (row) => active.some((registration) => covers(registration, row));
}

export function statusAt(registration: Doc, at: number): 'active' | 'expired' | 'scheduled' {
  if (registration.expires_at !== null && registration.expires_at <= at) return 'expired';
  return registration.active_from > at ? 'scheduled' : 'active';
}

function covers(registration: Doc, row: TaxRow): boolean {
  const options: Params = registration.country_options[registration.country.toLowerCase()] ?? {};
  if (OSS_TYPES.has(options.type)) return EU.has(row.country);
  if (registration.country !== row.country) return false;
  if (row.country === 'US') return options.state === row.state;
  if (row.country !== 'CA') return true;
  const province = options.province_standard?.province;
  return province === undefined ? row.type === 'gst' || row.type === 'hst' : row.state === province;
}
