/** `payment_method_details` of a charge: what the bank or the card network said about this one payment. */
import { cardOf } from '../../cards/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { ChargeInput } from './charge.ts';

export function chargeDetails(tx: Tx, input: ChargeInput): Params {
  const { paymentMethod } = input;
  if (paymentMethod.type === 'card') return { card: cardDetails(input), type: 'card' };
  return { [paymentMethod.type]: debitDetails(tx, paymentMethod, input.intent), type: paymentMethod.type };
}

const MS = 1000;

function debitDetails(tx: Tx, paymentMethod: Doc, intent: Doc): Params {
  const { bank_code, branch_code, country, fingerprint, last4 } = paymentMethod.sepa_debit;
  const expected_debit_date = new Date(tx.now(intent) * MS).toISOString().slice(0, 10);
  return {
    bank_code,
    branch_code,
    country,
    expected_debit_date,
    fingerprint,
    last4,
    mandate: intent._mandate ?? paymentMethod._mandate ?? null,
  };
}

function cardDetails(input: ChargeInput): Params {
  const { intent, paymentMethod, result } = input;
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4, regulated_status } = paymentMethod.card;
  const approved = result.kind !== 'failed';
  const cvcFailed = result.kind === 'failed' && result.decline.code === 'incorrect_cvc';
  return {
    amount_authorized: approved ? intent.amount : null,
    authorization_code: null,
    brand,
    checks: { ...checks, ...(cvcFailed ? { cvc_check: 'fail' } : {}) },
    country,
    electronic_commerce_indicator: null,
    exp_month,
    exp_year,
    extended_authorization: { status: 'disabled' },
    fingerprint,
    funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: brand ?? cardOf(paymentMethod).brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: regulated_status ?? 'unregulated',
    three_d_secure: input.authenticated ? threeDSecure(approved) : null,
    transaction_link_id: null,
    wallet: null,
  };
}

function threeDSecure(authenticated: boolean): Params {
  return {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: authenticated ? '05' : '07',
    exemption_indicator: null,
    result: authenticated ? 'authenticated' : 'failed',
    result_reason: null,
    transaction_id: null,
    version: '2.2.0',
  };
}
