import { debitMethodFromIban, paymentMethodFromCard } from '../../billing/payments/index.ts';
import { notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

/** Makes a payment method from a test card number or token; not attached, no event. SEPA Direct Debit takes test IBANs; other kinds are not emulated. */
export async function createPaymentMethod(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (!params.type) throw parameterMissing('type');
  if (params.type === 'sepa_debit') return createDebitMethod(rq);
  if (params.type !== 'card') throw notEmulated(`A payment method of type ${params.type}`, 'type');
  if (params.card === undefined) throw parameterMissing('card');
  const paymentMethod = await paymentMethodFromCard(tx, {
    card: params.card,
    billingDetails: params.billing_details,
    metadata: mergeMetadata(null, params.metadata),
  });
  if (params.allow_redisplay) paymentMethod.allow_redisplay = params.allow_redisplay;
  tx.put(paymentMethod);
  return paymentMethod;
}

async function createDebitMethod(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.sepa_debit === undefined) throw parameterMissing('sepa_debit');
  const paymentMethod = await debitMethodFromIban(tx, {
    iban: params.sepa_debit.iban,
    billingDetails: params.billing_details,
    metadata: mergeMetadata(null, params.metadata),
  });
  if (params.allow_redisplay) paymentMethod.allow_redisplay = params.allow_redisplay;
  tx.put(paymentMethod);
  return paymentMethod;
}
