/** The life of a dispute as data. An inquiry (`warning_…`) moves no money; it may become a chargeback. */
import type { Doc } from '../../kernel/types.ts';

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost';

const TRANSITIONS: Record<DisputeStatus, readonly DisputeStatus[]> = {
  warning_needs_response: ['warning_under_review', 'warning_closed', 'needs_response'],
  warning_under_review: ['warning_closed', 'needs_response'],
  warning_closed: [],
  needs_response: ['under_review', 'won', 'lost'],
  under_review: ['won', 'lost'],
  won: [],
  lost: [],
};

/** Changes the status; a transition that is not in the table is a fault of the caller. */
export function moveDispute(dispute: Doc, to: DisputeStatus): void {
  if (!TRANSITIONS[dispute.status as DisputeStatus].includes(to)) throw new Error(`A dispute does not go from ${dispute.status} to ${to}.`);
  dispute.status = to;
}

export function isInquiry(dispute: Doc): boolean {
  return dispute.status.startsWith('warning_');
}

export function isClosed(dispute: Doc): boolean {
  return TRANSITIONS[dispute.status as DisputeStatus].length === 0;
}

export function awaitsResponse(dispute: Doc): boolean {
  return dispute.status === 'needs_response' || dispute.status === 'warning_needs_response';
}
