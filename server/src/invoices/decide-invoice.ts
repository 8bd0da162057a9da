import { type Announcement, differences, isTerminal, previousValues, wayTo } from '../customers/index.ts';
import { decideLines, type LineDecision, linesChanged } from './decide-lines.ts';
import type { Invoice, InvoiceInput, InvoiceStatus, InvoiceWithLines, PaymentDetail } from './invoice.ts';
import { INVOICE_TRANSITIONS, isSettled, paymentStatusOf } from './status.ts';

/** What a report changes; `way` are the statuses to pass through, the new one last. */
export type InvoiceDecision = { patch: Partial<Invoice>; way: InvoiceStatus[]; lines: LineDecision; announcements: Announcement[] };

const NOTHING: InvoiceDecision = { patch: {}, way: [], lines: { remove: [], change: [], add: [] }, announcements: [] };

/** Compares a report with the invoice it is about (null: first sight). A voided invoice absorbs every report that says otherwise. */
export function decideInvoice(before: InvoiceWithLines | null, input: InvoiceInput): InvoiceDecision {
  if (before && isTerminal(INVOICE_TRANSITIONS, before.status) && input.status !== before.status) return NOTHING;
  const way = before ? wayTo(INVOICE_TRANSITIONS, before.status, input.status) : [];
  const status = before && way === null ? before.status : input.status;
  const facts = factsOf(before, input, status);
  const patch = before ? differences<Invoice>(before, facts) : facts;
  const lines = decideLines(before?.lines ?? [], input.lines);
  const announcements = announcementsOf(before, { ...before, ...facts } as Invoice);
  if (before && announcements.length === 0 && (Object.keys(patch).length > 0 || linesChanged(lines))) {
    announcements.push({ type: 'invoice.updated', key: String(before.rev + 1n), previous: previousValues(before, patch) });
  }
  return { patch, way: way ?? [], lines, announcements };
}

/** True when the decision writes anything. */
export function decidesSomething({ patch, lines }: InvoiceDecision): boolean {
  return Object.keys(patch).length > 0 || linesChanged(lines);
}

function announcementsOf(before: Invoice | null, after: Invoice): Announcement[] {
  const told: Announcement[] = [];
  if (before === null) told.push({ type: 'invoice.created', key: '' });
  if (after.status === 'finalized' && before?.status !== 'finalized') told.push({ type: 'invoice.finalized', key: '' });
  if (after.status === 'voided' && before?.status !== 'voided') told.push({ type: 'invoice.voided', key: '' });
  if (after.uncollectibleAt && !before?.uncollectibleAt) {
    told.push({ type: 'invoice.marked_uncollectible', key: after.uncollectibleAt.toString() });
  }
  return told;
}

function factsOf(before: Invoice | null, input: InvoiceInput, status: InvoiceStatus): Partial<Invoice> {
  const detail = detailOf(before, { status, remainingAmount: input.remainingAmount });
  return {
    connectionId: input.connectionId,
    stripeId: input.stripeId,
    customerId: input.customerId,
    subscriptionId: input.subscriptionId,
    number: input.number,
    kind: input.kind,
    stripeStatus: input.stripeStatus,
    status,
    paymentDetail: detail,
    paymentStatus: paymentStatusOf(detail),
    billingReason: input.billingReason,
    collectionMethod: input.collectionMethod,
    currency: input.currency,
    periodStart: input.periodStart,
    periodEnd: input.periodEnd,
    issuedAt: input.issuedAt,
    dueAt: input.dueAt,
    paidAt: input.paidAt,
    subtotalAmount: input.subtotalAmount,
    discountAmount: input.discountAmount,
    taxAmount: input.taxAmount,
    totalAmount: input.totalAmount,
    paidAmount: input.paidAmount,
    // model.md section 9: remaining = total − paid − credited, so what is neither paid nor due was credited.
    creditedAmount: input.totalAmount - input.paidAmount - input.remainingAmount,
    remainingAmount: input.remainingAmount,
    outOfBand: input.outOfBand,
    hostedUrl: input.hostedUrl,
    pdfUrl: input.pdfUrl,
    uncollectibleAt: input.uncollectibleAt,
    attemptCount: input.attemptCount,
    nextAttemptAt: input.nextAttemptAt,
    metadata: input.metadata,
  };
}

/** Nothing due means paid, at once; otherwise the payment's own history decides, which the payments room writes. */
function detailOf(before: Invoice | null, after: { status: InvoiceStatus; remainingAmount: bigint }): PaymentDetail {
  if (isSettled(after)) return 'succeeded';
  return before === null || before.paymentDetail === 'succeeded' ? 'pending' : before.paymentDetail;
}
