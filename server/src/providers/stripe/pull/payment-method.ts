import { z } from 'zod';
import type { PaymentMethodSummary } from '../../../customers/index.ts';
import { text } from './fields.ts';

const number = z
  .number()
  .int()
  .nullish()
  .transform((value) => value ?? null);
const card = z.object({ brand: text, last4: text, exp_month: number, exp_year: number, funding: text });
const bank = z.object({ last4: text, bank_name: text.optional() });

/** A payment method, a legacy source or card, or the method details of a charge: only what may be shown. */
export const paymentMethodSchema = z.object({
  id: z.string().optional(),
  object: z.string().optional(),
  type: text,
  card: card.nullish(),
  sepa_debit: bank.nullish(),
  us_bank_account: bank.nullish(),
  au_becs_debit: bank.nullish(),
  bacs_debit: bank.nullish(),
  brand: text,
  last4: text,
  exp_month: number,
  exp_year: number,
  funding: text,
});

export type PaymentMethodBody = z.output<typeof paymentMethodSchema>;

/** The summary we keep of a payment method; null without one. `id` names it where the body does not (charge details). */
export function toPaymentMethod(body: PaymentMethodBody | null | undefined, id?: string | null): PaymentMethodSummary | null {
  const stripeId = body?.id ?? id;
  if (!body || !stripeId) return null;
  const isLegacyCard = body.object === 'card';
  const shown = body.card ?? (isLegacyCard ? body : null);
  const bankAccount = body.sepa_debit ?? body.us_bank_account ?? body.au_becs_debit ?? body.bacs_debit ?? null;
  return {
    stripeId,
    type: isLegacyCard ? 'card' : (body.type ?? body.object ?? 'unknown'),
    brand: shown?.brand ?? bankAccount?.bank_name ?? null,
    last4: shown?.last4 ?? bankAccount?.last4 ?? null,
    expMonth: shown?.exp_month ?? null,
    expYear: shown?.exp_year ?? null,
    funding: shown?.funding ?? null,
  };
}
