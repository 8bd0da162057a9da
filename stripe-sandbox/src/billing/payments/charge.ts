/** Charges: one for every time a bank (or Stripe in front of it) was asked, refused ones too. */
import { cardOf, type Decline } from '../../cards/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { recordBalanceTransaction } from './balance-transaction.ts';
import { chargeDetails } from './charge-details.ts';

const DESCRIPTOR_LENGTH = 22;
const RISK_SCORE = 35;
const ELEVATED_RISK_SCORE = 74;
const BLOCKED_RISK_SCORE = 92;

export type ChargeResult = { kind: 'paid' } | { kind: 'authorized' } | { kind: 'pending' } | { kind: 'failed'; decline: Decline };

export type ChargeInput = { intent: Doc; paymentMethod: Doc; result: ChargeResult; authenticated: boolean };

/** Stores the charge of one attempt on the intent, with its balance transaction when money moved. No event: the caller knows the order. */
export async function recordCharge(tx: Tx, input: ChargeInput): Promise<Doc> {
  const { intent, paymentMethod, result } = input;
  const failed = result.kind === 'failed' ? result.decline : null;
  const charge = tx.make(
    'charge',
    // Payments that are not by card carry another prefix.
    paymentMethod.type === 'card' ? 'ch' : 'py',
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
      outcome: outcomeOf(result, paymentMethod),
      paid: result.kind !== 'failed' && result.kind !== 'pending',
      payment_intent: intent.id,
      payment_method: paymentMethod.id,
      payment_method_details: chargeDetails(tx, input),
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
  if (paymentMethod.type === 'card' && cardOf(paymentMethod).bypassPending === true) charge._bypass_pending = true;
  if (result.kind === 'paid') await settleCharge(tx, { charge, amount: charge.amount });
  if (result.kind === 'paid' || result.kind === 'authorized') charge.receipt_url = receiptUrl(tx, charge);
  tx.put(charge);
  return charge;
}

/** The money arrives: captured, with a balance transaction. For a partial capture the rest goes back to the card at once. */
export async function settleCharge(tx: Tx, input: { charge: Doc; amount: number }): Promise<void> {
  const { charge, amount } = input;
  charge.captured = true;
  charge.paid = true;
  charge.status = 'succeeded';
  charge.amount_captured = amount;
  charge.amount_refunded = charge.amount - amount;
  charge.outcome = { ...charge.outcome, ...SETTLED };
  charge.receipt_url = receiptUrl(tx, charge);
  const movement = await recordBalanceTransaction(tx, {
    type: charge.payment_method_details.type === 'card' ? 'charge' : 'payment',
    source: charge,
    amount,
    description: charge.description,
    atOnce: charge._bypass_pending === true,
  });
  charge.balance_transaction = movement.id;
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
    outcome: { ...charge.outcome, ...REFUSED, ...reasonOf(decline) },
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

const SETTLED = { network_status: 'approved_by_network', reason: null, seller_message: 'Payment complete.', type: 'authorized' };

const REFUSED = { network_status: 'declined_by_network', type: 'issuer_declined' };

function outcomeOf(result: ChargeResult, paymentMethod: Doc): Params {
  const base = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (result.kind !== 'failed') {
    const seller_message = result.kind === 'pending' ? 'Payment pending.' : 'Payment complete.';
    return { ...base, ...SETTLED, ...riskOf(paymentMethod), seller_message };
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
  return { ...base, ...REFUSED, ...reasonOf(decline), ...riskOf(paymentMethod) };
}

function reasonOf(decline: Decline): Params {
  return { advice_code: decline.advice_code, reason: decline.decline_code ?? decline.code, seller_message: sellerMessage(decline) };
}

/** Radar scores cards; a bank debit is not assessed. */
function riskOf(paymentMethod: Doc): Params {
  if (paymentMethod.type !== 'card') return { risk_level: 'not_assessed' };
  return cardOf(paymentMethod).risk === 'elevated'
    ? { risk_level: 'elevated', risk_score: ELEVATED_RISK_SCORE }
    : { risk_level: 'normal', risk_score: RISK_SCORE };
}

function sellerMessage(decline: Decline): string {
  const reason = decline.decline_code ?? decline.code;
  if (reason === 'generic_decline') return 'The bank did not return any further details with this decline.';
  return `The bank returned the decline code \`${reason}\`.`;
}
