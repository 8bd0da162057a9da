/** An account as the API shows it, built from what it was set up with. */
import type { Account, Doc } from '../../kernel/types.ts';

const PREFIX_LENGTH = 10;

/** What a platform said about an account it made; kept on its grant. */
export type Made = { type: string; email: string | null; business_type: string | null; metadata: Record<string, string> };

/** An account made by a platform: nobody has onboarded it, so it can neither charge nor be paid out. */
export function madeAccountDoc(account: Account, made: Made): Doc {
  return {
    ...accountDoc(account),
    ...made,
    capabilities: {},
    charges_enabled: false,
    controller: made.type === 'standard' ? { type: 'account' } : { ...PLATFORM_CONTROLLER, stripe_dashboard: DASHBOARDS[made.type] },
    details_submitted: false,
    payouts_enabled: false,
  };
}

const DASHBOARDS: Record<string, { type: string }> = { express: { type: 'express' }, custom: { type: 'none' } };
const PLATFORM_CONTROLLER = {
  fees: { payer: 'application' },
  is_controller: true,
  losses: { payments: 'application' },
  requirement_collection: 'stripe',
  type: 'application',
};

/** A standard account that may charge and be paid out: the Sandbox has no onboarding. */
export function accountDoc(account: Account): Doc {
  const { settings } = account;
  return {
    id: account.id,
    object: 'account',
    business_profile: businessProfile(settings.name, settings.email),
    business_type: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    controller: { type: 'account' },
    country: settings.country,
    created: account.created,
    default_currency: settings.currency,
    details_submitted: true,
    email: settings.email,
    metadata: {},
    payouts_enabled: true,
    settings: accountSettings(settings.name),
    type: 'standard',
  };
}

function businessProfile(name: string, email: string) {
  return {
    annual_revenue: null,
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: email,
    support_phone: null,
    support_url: null,
    url: null,
  };
}

function accountSettings(name: string) {
  const descriptor =
    name
      .toUpperCase()
      .replace(/[^A-Z0-9 ]/g, '')
      .slice(0, PREFIX_LENGTH)
      .trim() || null;
  return {
    bacs_debit_payments: { display_name: null, service_user_number: null },
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_issuing: { tos_acceptance: { date: null, ip: null } },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: descriptor,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: name, timezone: 'Etc/UTC' },
    invoices: { default_account_tax_ids: null, hosted_payment_method_save: 'offer' },
    payments: {
      statement_descriptor: descriptor,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: { debit_negative_balances: true, schedule: { delay_days: 2, interval: 'daily' }, statement_descriptor: null },
    sepa_debit_payments: {},
  };
}
