/** The page behind a charge's receipt_url: what was paid, with which card, and what came back. */
import { spell } from '../../billing/payments/index.ts';
import type { Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';

const MS = 1000;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;color:#1a1f36;background:#f6f8fa;margin:0;padding:2rem 1rem}main{max-width:28rem;margin:auto;background:#fff;border:1px solid #d8dee4;border-radius:8px;padding:1.5rem}h1{font-size:1.25rem;margin:0 0 1rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1rem;margin:0}dt{color:#545969}dd{margin:0;text-align:right;overflow-wrap:anywhere}footer{margin-top:1.5rem;font-size:.875rem;color:#545969}';

/** Shows the receipt of a paid charge; anybody with the link may see it, as at Stripe. */
export async function showReceipt(rq: PageRequest): Promise<PageAnswer> {
  const found = await rq.find(rq.path.charge!);
  const charge = found?.doc;
  if (charge?.object !== 'charge' || charge.paid !== true)
    return page(404, 'Receipt not found', '<p>There is no receipt at this address.</p>');
  return page(200, `Receipt from ${charge.calculated_statement_descriptor ?? 'Stripe Sandbox'}`, `<dl>${rowsOf(charge)}</dl>`);
}

function rowsOf(charge: Doc): string {
  const card = charge.payment_method_details?.card;
  const rows: [string, string][] = [
    ['Amount paid', spell(charge.amount_captured, charge.currency)],
    ['Date paid', new Date(charge.created * MS).toISOString().slice(0, 10)],
    ['Payment method', card ? `${card.brand} •••• ${card.last4}` : 'other'],
  ];
  if (charge.description) rows.push(['For', charge.description]);
  const refunded = charge.amount_refunded - (charge.amount - charge.amount_captured);
  if (refunded > 0) rows.push(['Refunded', spell(refunded, charge.currency)]);
  return rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('');
}

/** A small public page; the title is escaped, the body is not. */
export function page(status: number, title: string, body: string): PageAnswer {
  const safe = escapeHtml(title);
  return {
    status,
    headers: HEADERS,
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe}</title><style>${STYLE}</style></head><body><main><h1>${safe}</h1>${body}<footer>Stripe Sandbox: no real money.</footer></main></body></html>`,
  };
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
