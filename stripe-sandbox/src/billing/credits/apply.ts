import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { allotCredits, type CreditableLine, type OpenGrant } from './allot.ts';
import { expireRest } from './expire.ts';
import { isExpired, openGrants, writeEntry } from './ledger.ts';

/** What credits paid of a line: kept with the invoice, so that taxes count what is left and voiding can give it back. */
export type LineCredit = { transaction: string; grant: string; amount: number };

/**
 * Spends the customer's billing credits on the metered lines of an invoice that is being finalized: after discounts, before taxes [Stripe docs:
 * billing credits]. The lines must be counted and discounted; sums follow with `recalculate`.
 */
export async function applyCredits(tx: Tx, invoice: Doc): Promise<void> {
  const lines = creditableLines(invoice);
  if (lines.length === 0) return;
  const now = tx.now(invoice);
  const usable = (await openGrants(tx, invoice.customer)).filter(
    (grant) => grant.amount.monetary.currency === invoice.currency && grant.effective_at <= now && !isExpired(grant, now),
  );
  const grants = new Map(usable.map((grant) => [grant.id, grant]));
  const credits: Record<string, LineCredit[]> = {};
  for (const { grant: id, line, amount } of allotCredits(lines, usable.map(openGrantOf))) {
    const grant = grants.get(id)!;
    const entry = { side: 'debit', type: 'credits_applied', invoice: invoice.id, line } as const;
    const transaction = writeEntry(tx, { grant, amount, entry });
    credits[line] = [...(credits[line] ?? []), { transaction: transaction.id, grant: id, amount }];
  }
  if (Object.keys(credits).length > 0) invoice._credits = credits;
}

/** A void invoice gives its credits back; what belongs to a grant that expired meanwhile expires at once. */
export async function reinstateCredits(tx: Tx, invoice: Doc): Promise<void> {
  for (const [line, credits] of Object.entries((invoice._credits ?? {}) as Record<string, LineCredit[]>)) {
    for (const credit of credits) {
      const grant = await tx.get(credit.grant, { object: 'billing.credit_grant' });
      if (grant === undefined) continue;
      const entry = { side: 'credit', type: 'credits_application_invoice_voided', invoice: invoice.id, line } as const;
      writeEntry(tx, { grant, amount: credit.amount, entry });
      if (isExpired(grant, tx.now(grant))) expireRest(tx, grant);
    }
  }
}

/** Lines of usage that cost something after their discounts. */
function creditableLines(invoice: Doc): CreditableLine[] {
  return invoice.lines.data
    .filter((line: Params) => invoice._usage?.[line.id] !== undefined)
    .map((line: Params) => {
      const off = line.discount_amounts.reduce((sum: number, part: Params) => sum + part.amount, 0);
      return { id: line.id, price: line.pricing.price_details.price, amount: line.amount - off };
    })
    .filter((line: CreditableLine) => line.amount > 0);
}

function openGrantOf(grant: Doc): OpenGrant {
  const { prices } = grant.applicability_config.scope;
  return {
    id: grant.id,
    remaining: grant._remaining,
    priority: grant.priority,
    expiresAt: grant.expires_at,
    category: grant.category,
    effectiveAt: grant.effective_at,
    created: grant.created,
    prices: prices === undefined ? null : prices.map((price: Params) => price.id),
  };
}
