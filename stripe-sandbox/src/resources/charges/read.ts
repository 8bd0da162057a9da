import type { ApiRequest, Doc, Includable, ListAnswer, SearchAnswer } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';

export function retrieveCharge(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('charge', rq.path.id!);
}

export function listCharges(rq: ApiRequest): Promise<ListAnswer> {
  const { customer, payment_intent, transfer_group: group } = rq.params;
  return rq.tx.list(rq, {
    object: 'charge',
    where: { customer, payment_intent },
    ...(group === undefined ? {} : { filter: (charge: Doc) => charge.transfer_group === group }),
  });
}

export function searchCharges(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'charge',
    fields: {
      amount: (charge) => charge.amount,
      'billing_details.address.postal_code': (charge) => charge.billing_details.address?.postal_code,
      created: (charge) => charge.created,
      currency: (charge) => charge.currency,
      customer: (charge) => charge.customer,
      disputed: (charge) => charge.disputed,
      metadata: (charge) => charge.metadata,
      'payment_method_details.card.brand': (charge) => charge.payment_method_details.card?.brand,
      'payment_method_details.card.exp_month': (charge) => charge.payment_method_details.card?.exp_month,
      'payment_method_details.card.exp_year': (charge) => charge.payment_method_details.card?.exp_year,
      'payment_method_details.card.fingerprint': (charge) => charge.payment_method_details.card?.fingerprint,
      'payment_method_details.card.last4': (charge) => charge.payment_method_details.card?.last4,
      'payment_method_details.sepa_debit.last4': (charge) => charge.payment_method_details.sepa_debit?.last4,
      refunded: (charge) => charge.refunded,
      status: (charge) => charge.status,
    },
  });
}

export const chargeIncludables: Record<string, Includable> = {
  refunds: async (tx, charge) => {
    const refunds = await tx.query({ object: 'refund', where: { charge: charge.id } });
    return embeddedList(refunds, `/v1/charges/${charge.id}/refunds`);
  },
};
