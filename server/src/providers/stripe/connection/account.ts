import { z } from 'zod';
import type { StripeApi } from '../client.ts';
import { isFailure } from '../failure.ts';
import { filledText, text } from '../pull/fields.ts';

export type AccountFacts = { accountId: string; name: string | null; country: string | null; currency: string | null };

const account = z.object({
  id: z.string().startsWith('acct_'),
  email: filledText,
  country: text,
  default_currency: text,
  business_profile: z.object({ name: filledText }).nullish(),
  settings: z.object({ dashboard: z.object({ display_name: filledText }).nullish() }).nullish(),
});
const firstInvoice = z.object({ data: z.array(z.object({ account_name: text, account_country: text })) });

/**
 * Who a credential belongs to. A restricted key may not read the account: then the refusal names its id, and an invoice its name and
 * country, where there is one. Null where the id is not to be found. Throws StripeFailure for a refused credential.
 */
export async function readAccount(api: StripeApi): Promise<AccountFacts | null> {
  try {
    const found = await api.get('/v1/account', account);
    const name = found.business_profile?.name ?? found.settings?.dashboard?.display_name ?? domainOf(found.email);
    return { accountId: found.id, name, country: found.country, currency: found.default_currency };
  } catch (error) {
    if (!isFailure(error, 'forbidden')) throw error;
    return error.detail.accountId ? await fromInvoice(api, error.detail.accountId) : null;
  }
}

async function fromInvoice(api: StripeApi, accountId: string): Promise<AccountFacts> {
  const unnamed = { accountId, name: null, country: null, currency: null };
  try {
    const [invoice] = (await api.get('/v1/invoices', firstInvoice, { limit: 1 })).data;
    return invoice ? { ...unnamed, name: invoice.account_name, country: invoice.account_country } : unnamed;
  } catch (error) {
    if (isFailure(error, 'forbidden', 'unknown')) return unnamed;
    throw error;
  }
}

function domainOf(email: string | null): string | null {
  return email?.split('@')[1] ?? null;
}
