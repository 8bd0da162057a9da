/** Charges: one for every time a bank (or Stripe in front of it) was asked, refused ones too. */
import { cardOf, type Decline } from '../../cards/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { recordBalanceTransaction } from './balance-transaction.ts';

const DESCRIPTOR_LENGTH = 22;
const RISK_SCORE = 35;
const BLOCKED_RISK_SCORE = 92;

export type ChargeResult = { kind: 'paid' } | { kind: 'authorized' } | { kind: 'pending' } | { kind: 'failed'; decline: Decline };

/** Stores the charge of one attempt on the intent, with its balance transaction when money moved. No event: the caller knows the order. */
export function recordCharge(tx: Tx, input: { intent: Doc; paymentMethod: Doc; result: ChargeResult; authenticated: boolean }): Doc {
  const { intent, paymentMethod, result } = input;
  const failed = result.kind === 'failed' ? result.decline : null;
  const charge = tx.make(
    'charge',
    'ch',
    {
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      billing_details: structuredClone(paymentMethod.billing_details),
      calculated_statement_descriptor: descriptorOf(tx, intent),
      captured: false,
      currency: intent.currency,
      customer: intent.customer,
      description: intent.description,
      disputed: false,
      failure_code: failed?.code ?? null,
      failure_message: failed?.message ?? null,
      fraud_details: {},
      metadata: { ...intent.metadata },
      outcome: outcomeOf(result),
      paid: result.kind !== 'failed' && result.kind !== 'pending',
      payment_intent: intent.id,
      payment_method: paymentMethod.id,
      payment_method_details: { card: cardDetails(input), type: 'card' },
      radar_options: {},
      receipt_email: intent.receipt_email,
      refunded: false,
      shipping: intent.shipping,
      statement_descriptor: intent.statement_descriptor,
      statement_descriptor_suffix: intent.statement_descriptor_suffix,
      status: STATUS[result.kind],
      transfer_group: intent.transfer_group,
    },
    intent,
  );
  if (result.kind === 'paid') settleCharge(tx, { charge, amount: charge.amount });
  if (result.kind === 'paid' || result.kind === 'authorized') charge.receipt_url = receiptUrl(tx, charge);
  tx.put(charge);
  return charge;
}

/** The money arrives: captured, with a balance transaction. For a partial capture the rest goes back to the card at once. */
export function settleCharge(tx: Tx, input: { charge: Doc; amount: number }): void {
  const { charge, amount } = input;
  charge.captured = true;
  charge.paid = true;
  charge.status = 'succeeded';
  charge.amount_captured = amount;
  charge.amount_refunded = charge.amount - amount;
  charge.outcome = outcomeOf({ kind: 'paid' });
  charge.receipt_url = receiptUrl(tx, charge);
  charge.balance_transaction = recordBalanceTransaction(tx, { type: 'charge', source: charge, amount, description: charge.description }).id;
  tx.put(charge);
}

/** A pending charge that came to nothing. */
export function failCharge(tx: Tx, input: { charge: Doc; decline: Decline }): void {
  const { charge, decline } = input;
  Object.assign(charge, {
    status: 'failed',
    paid: false,
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: outcomeOf({ kind: 'failed', decline }),
  });
  tx.put(charge);
}

const STATUS = { paid: 'succeeded', authorized: 'succeeded', pending: 'pending', failed: 'failed' } as const;

function receiptUrl(tx: Tx, charge: Doc): string {
  return `${tx.publicUrl}/receipts/${charge.id}`;
}

function descriptorOf(tx: Tx, intent: Doc): string {
  return (intent.statement_descriptor ?? tx.account.settings.name).toUpperCase().slice(0, DESCRIPTOR_LENGTH);
}

function outcomeOf(result: ChargeResult): Params {
  const base = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (result.kind !== 'failed') {
    const seller_message = result.kind === 'pending' ? 'Payment pending.' : 'Payment complete.';
    return {
      ...base,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: RISK_SCORE,
      seller_message,
      type: 'authorized',
    };
  }
  const { decline } = result;
  if (decline.blocked === true) {
    return {
      ...base,
      advice_code: decline.advice_code,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
      risk_score: BLOCKED_RISK_SCORE,
      seller_message: 'Stripe blocked this payment as too risky.',
      type: 'blocked',
    };
  }
  return {
    ...base,
    advice_code: decline.advice_code,
    network_status: 'declined_by_network',
    reason: decline.decline_code ?? decline.code,
    risk_level: 'normal',
    risk_score: RISK_SCORE,
    seller_message: sellerMessage(decline),
    type: 'issuer_declined',
  };
}

function sellerMessage(decline: Decline): string {
  const reason = decline.decline_code ?? decline.code;
  if (reason === 'generic_decline') return 'The bank did not return any further details with this decline.';
  return `The bank returned the decline code \`${reason}\`.`;
}

function cardDetails(input: { intent: Doc; paymentMethod: Doc; result: ChargeResult; authenticated: boolean }): Params {
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
