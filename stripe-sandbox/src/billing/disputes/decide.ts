/** How disputes go on: evidence, verdicts, escalation, deadlines, giving in. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Timer, Tx } from '../../kernel/types.ts';
import { hasEvidence, mergeEvidence, type Verdict, verdictIn } from './evidence.ts';
import { reinstateFunds, withdrawFunds } from './funds.ts';
import { dueBy, scheduleDeadline } from './open.ts';
import { awaitsResponse, isClosed, isInquiry, moveDispute } from './status.ts';

const DAY = 86_400;
/** An inquiry that became no chargeback by then never will [docs.stripe.com/disputes/how-disputes-work#inquiries]. */
const INQUIRY_DAYS = 120;

/** Stores evidence; with `submit` it goes to the bank, once. Emits charge.dispute.updated; a verdict in the words follows by itself. */
export function respondToDispute(tx: Tx, input: { dispute: Doc; evidence?: Params | undefined; submit: boolean }): void {
  const { dispute, submit } = input;
  if (!awaitsResponse(dispute)) {
    throw invalidRequest(`Evidence can no longer be submitted: dispute ${dispute.id} has a status of ${dispute.status}.`, {
      param: 'evidence',
    });
  }
  if (input.evidence !== undefined) dispute.evidence = mergeEvidence(dispute.evidence, input.evidence);
  const has_evidence = hasEvidence(dispute.evidence);
  dispute.evidence_details = { ...dispute.evidence_details, has_evidence };
  if (submit && has_evidence) submitEvidence(tx, dispute);
  tx.put(dispute);
}

function submitEvidence(tx: Tx, dispute: Doc): void {
  const details = dispute.evidence_details;
  dispute.evidence_details = { ...details, submission_count: details.submission_count + 1, submission_method: 'manual' };
  moveDispute(dispute, isInquiry(dispute) ? 'warning_under_review' : 'under_review');
  tx.cancelTimers(dispute.id, 'dispute_due');
  if (isInquiry(dispute)) scheduleEndOfInquiry(tx, dispute);
  const verdict = verdictIn(dispute.evidence);
  if (verdict === null || (verdict === 'escalated' && !isInquiry(dispute))) return;
  const clock: string | null = dispute._clock ?? null;
  tx.schedule({ kind: 'dispute_verdict', ref: dispute.id, dueAt: tx.now(dispute), clock, data: { verdict } });
}

/** Gives in: a chargeback is lost, an inquiry closed. Refuses a dispute that is over. */
export async function closeDispute(tx: Tx, dispute: Doc): Promise<void> {
  if (isClosed(dispute)) throw invalidRequest('This dispute is already closed.');
  await endDispute(tx, dispute, 'lost');
}

/** The bank's word. Emits funds_reinstated when won, then charge.dispute.closed; an escalation withdraws the money instead. */
export async function endDispute(tx: Tx, dispute: Doc, verdict: Verdict): Promise<void> {
  tx.cancelTimers(dispute.id);
  if (verdict === 'escalated') {
    await escalate(tx, dispute);
    return;
  }
  const inquiry = isInquiry(dispute);
  moveDispute(dispute, inquiry ? 'warning_closed' : verdict);
  tx.put(dispute);
  if (!inquiry && verdict === 'won') await reinstateFunds(tx, dispute);
  tx.emit('charge.dispute.closed', dispute);
}

async function escalate(tx: Tx, dispute: Doc): Promise<void> {
  moveDispute(dispute, 'needs_response');
  const { card } = dispute.payment_method_details;
  dispute.payment_method_details = { card: { ...card, case_type: 'chargeback', network_reason_code: '10.4' }, type: 'card' };
  const due_by = dueBy(tx.now(dispute));
  dispute.evidence_details = {
    ...dispute.evidence_details,
    due_by,
    past_due: false,
    submission_count: 0,
    submission_method: 'not_submitted',
  };
  tx.put(dispute);
  tx.emit('charge.dispute.updated', dispute);
  await withdrawFunds(tx, dispute);
  scheduleDeadline(tx, dispute);
}

/** Timer `dispute_verdict`: what the evidence of a test dispute asked for. */
export async function runVerdict(tx: Tx, timer: Timer): Promise<void> {
  const dispute = await tx.get(timer.ref, { object: 'dispute' });
  if (dispute !== undefined && !isClosed(dispute)) await endDispute(tx, dispute, timer.data!.verdict);
}

/** Timer `dispute_due`: nobody answered. A chargeback is lost; an inquiry goes on to its 120th day. */
export async function runDeadline(tx: Tx, timer: Timer): Promise<void> {
  const dispute = await tx.get(timer.ref, { object: 'dispute' });
  if (dispute === undefined || !awaitsResponse(dispute)) return;
  dispute.evidence_details = { ...dispute.evidence_details, past_due: true };
  tx.put(dispute);
  if (isInquiry(dispute)) {
    tx.emit('charge.dispute.updated', dispute);
    scheduleEndOfInquiry(tx, dispute);
    return;
  }
  await endDispute(tx, dispute, 'lost');
}

/** Timer `inquiry_close`. */
export async function closeInquiry(tx: Tx, timer: Timer): Promise<void> {
  const dispute = await tx.get(timer.ref, { object: 'dispute' });
  if (dispute !== undefined && isInquiry(dispute) && !isClosed(dispute)) await endDispute(tx, dispute, 'lost');
}

function scheduleEndOfInquiry(tx: Tx, dispute: Doc): void {
  const dueAt = dispute.created + INQUIRY_DAYS * DAY;
  tx.schedule({ kind: 'inquiry_close', ref: dispute.id, dueAt, clock: dispute._clock ?? null });
}
