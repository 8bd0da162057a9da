/** A customer questions a payment at the bank. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { blankEvidence } from './evidence.ts';
import { withdrawFunds } from './funds.ts';

const DAY = 86_400;
/** Recorded: the answer is due at the end of the 19th day. */
const RESPONSE_DAYS = 19;

export type DisputeKind = 'fraudulent' | 'product_not_received' | 'inquiry' | 'debit';

/** Reasons of Stripe with the code Visa has for them [docs.stripe.com/disputes/categories]. */
const NETWORK_CODES: Record<string, string> = {
  credit_not_processed: '13.6',
  duplicate: '12.6.1',
  fraudulent: '10.4',
  general: '12.7',
  product_not_received: '13.1',
  product_unacceptable: '13.3',
  subscription_canceled: '13.2',
};
/** The code of a fraud inquiry; measured against Stripe's test mode by others, 2026-08. */
const INQUIRY_CODE = '10';

export type OpenDisputeInput = {
  charge: Doc;
  kind: DisputeKind;
  /** Default: what has not been refunded. */
  amount?: number;
  /** Default: as the kind says. */
  reason?: string;
};

/**
 * Opens a dispute on a paid charge and marks the charge. Emits charge.dispute.created; a chargeback withdraws amount and fee at once, a debit's
 * dispute is lost at once too. Refuses charges without money, and a second open dispute.
 */
export async function openDispute(tx: Tx, input: OpenDisputeInput): Promise<Doc> {
  const { charge, kind } = input;
  const left = charge.amount_captured - netRefunded(charge);
  const amount = input.amount ?? left;
  if (charge.status !== 'succeeded' || charge.captured !== true || left < 1)
    throw invalidRequest(`Charge ${charge.id} holds no money that could be disputed.`);
  if (charge.disputed === true) throw invalidRequest(`Charge ${charge.id} is disputed already.`, { code: 'charge_disputed' });
  if (amount < 1 || amount > left) throw invalidRequest(`At most ${left} of charge ${charge.id} can be disputed.`, { param: 'amount' });
  const dispute = makeDispute(tx, { ...input, amount });
  charge.disputed = true;
  tx.put(charge);
  tx.put(dispute);
  tx.emit('charge.dispute.created', dispute);
  if (kind !== 'inquiry') await withdrawFunds(tx, dispute);
  if (kind === 'debit') tx.emit('charge.dispute.closed', dispute);
  else scheduleDeadline(tx, dispute);
  return dispute;
}

/** A partial capture shows what it released as refunded; that was never taken. */
function netRefunded(charge: Doc): number {
  return charge.amount_refunded - (charge.amount - charge.amount_captured);
}

export function scheduleDeadline(tx: Tx, dispute: Doc): void {
  tx.schedule({ kind: 'dispute_due', ref: dispute.id, dueAt: dispute.evidence_details.due_by, clock: dispute._clock ?? null });
}

export function dueBy(now: number): number {
  return (Math.floor(now / DAY) + RESPONSE_DAYS + 1) * DAY - 1;
}

const STATUSES = {
  fraudulent: 'needs_response',
  product_not_received: 'needs_response',
  inquiry: 'warning_needs_response',
  debit: 'lost',
} as const;

function makeDispute(tx: Tx, input: OpenDisputeInput & { amount: number }): Doc {
  const { charge, kind, amount } = input;
  const reason = input.reason ?? { inquiry: 'fraudulent', debit: 'debit_not_authorized' }[kind as string] ?? kind;
  return tx.make(
    'dispute',
    'du',
    {
      amount,
      balance_transactions: [],
      charge: charge.id,
      currency: charge.currency,
      enhanced_eligibility_types: [],
      evidence: blankEvidence(),
      evidence_details: {
        due_by: kind === 'debit' ? null : dueBy(tx.now(charge)),
        enhanced_eligibility: {},
        has_evidence: false,
        past_due: false,
        submission_count: 0,
        submission_method: 'not_submitted',
      },
      is_charge_refundable: true,
      payment_intent: charge.payment_intent,
      ...(kind === 'debit' ? {} : { payment_method_details: cardCase(charge, { kind, reason }) }),
      reason,
      status: STATUSES[kind],
    },
    charge,
  );
}

function cardCase(charge: Doc, at: { kind: DisputeKind; reason: string }): Params {
  const { brand, network } = charge.payment_method_details.card;
  const network_reason_code = at.kind === 'inquiry' ? INQUIRY_CODE : (NETWORK_CODES[at.reason] ?? null);
  return { card: { brand, case_type: at.kind === 'inquiry' ? 'inquiry' : 'chargeback', network, network_reason_code }, type: 'card' };
}
