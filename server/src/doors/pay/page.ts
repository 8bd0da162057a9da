/** The link page: business name, invoice, amount, one button. */

export type PageContent = {
  kind: 'pay' | 'receipt';
  businessName: string;
  invoiceNumber: string;
  amount: string;
  isOpen: boolean;
  locale: string;
  unavailable: boolean;
};

type Texts = {
  invoice: string;
  due: string;
  paid: string;
  pay: string;
  receipt: string;
  settled: string;
  unavailable: string;
  unknown: string;
};

const TEXTS: Record<string, Texts> = {
  en: {
    invoice: 'Invoice',
    due: 'Amount due',
    paid: 'Amount paid',
    pay: 'Continue to payment',
    receipt: 'Show the receipt',
    settled: 'This invoice is settled.',
    unavailable: 'The page cannot be opened at the moment. Please try again later.',
    unknown: 'This link is not valid.',
  },
  de: {
    invoice: 'Rechnung',
    due: 'Offener Betrag',
    paid: 'Bezahlter Betrag',
    pay: 'Weiter zur Zahlung',
    receipt: 'Beleg ansehen',
    settled: 'Diese Rechnung ist beglichen.',
    unavailable: 'Die Seite lässt sich gerade nicht öffnen. Bitte versuchen Sie es später erneut.',
    unknown: 'Dieser Link ist nicht gültig.',
  },
  fr: {
    invoice: 'Facture',
    due: 'Montant dû',
    paid: 'Montant payé',
    pay: 'Continuer vers le paiement',
    receipt: 'Voir le reçu',
    settled: 'Cette facture est réglée.',
    unavailable: 'La page ne peut pas être ouverte pour le moment. Merci de réessayer plus tard.',
    unknown: "Ce lien n'est pas valide.",
  },
  es: {
    invoice: 'Factura',
    due: 'Importe pendiente',
    paid: 'Importe pagado',
    pay: 'Continuar al pago',
    receipt: 'Ver el recibo',
    settled: 'Esta factura está pagada.',
    unavailable: 'La página no se puede abrir en este momento. Inténtelo más tarde.',
    unknown: 'Este enlace no es válido.',
  },
  ja: {
    invoice: '請求書',
    due: 'お支払い金額',
    paid: 'お支払い済み金額',
    pay: 'お支払いへ進む',
    receipt: '領収書を見る',
    settled: 'この請求書はお支払い済みです。',
    unavailable: '現在ページを開けません。しばらくしてからもう一度お試しください。',
    unknown: 'このリンクは無効です。',
  },
};

/** The whole document; null for a link that is none of ours. */
export function page(content: PageContent | null): string {
  const language = content?.locale.split('-')[0] ?? 'en';
  const t = (Object.hasOwn(TEXTS, language) ? TEXTS[language] : undefined) ?? TEXTS.en!;
  if (content === null) return document('en', t.unknown, `<p>${encode(t.unknown)}</p>`);
  const showsDue = content.kind === 'pay' && content.isOpen;
  const rows = `<dl><dt>${encode(t.invoice)}</dt><dd>${encode(content.invoiceNumber)}</dd><dt>${encode(showsDue ? t.due : t.paid)}</dt><dd class="amount">${encode(content.amount)}</dd></dl>`;
  const note = content.unavailable
    ? `<p role="alert">${encode(t.unavailable)}</p>`
    : content.kind === 'pay' && !content.isOpen
      ? `<p>${encode(t.settled)}</p>`
      : '';
  const button = `<form method="post"><button type="submit">${encode(showsDue ? t.pay : t.receipt)}</button></form>`;
  return document(language, content.businessName, `<h1>${encode(content.businessName)}</h1>${rows}${note}${button}`);
}

function document(language: string, title: string, body: string): string {
  return `<!doctype html><html lang="${encode(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${encode(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2430; --quiet: #5d6475; --page: #eef0f6; --card: #fff; --accent: #2f4bdd; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef5; --quiet: #a7adbd; --page: #14161d; --card: #1e212b; --accent: #8ea2ff; --on-accent: #10131c; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; }
main { background: var(--card); border-radius: 14px; padding: 32px; margin: 16px; width: min(400px, calc(100vw - 96px)); }
h1 { font-size: 20px; margin: 0 0 16px; overflow-wrap: anywhere; } dl { margin: 0 0 20px; } dt { color: var(--quiet); font-size: 14px; } dd { margin: 0 0 10px; overflow-wrap: anywhere; } .amount { font-size: 26px; font-weight: 600; }
button { font: inherit; font-weight: 600; width: 100%; padding: 12px; border: 0; border-radius: 9px; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }`;

function encode(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);
}
