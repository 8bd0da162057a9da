/** L3: finds numbers, dates, addresses and names that stand in a text although only facts may say them. */

export type LiteralKind = 'money' | 'percent' | 'date' | 'duration' | 'card' | 'number' | 'url' | 'email' | 'plan';
export type Literal = { kind: LiteralKind; start: number; end: number; text: string };

/** Where a rendered fact stood; glued digits or currency signs beside it would change what it says. */
export const FACT_MARK = '\uE000';

const MONTHS =
  'jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|févr(?:ier)?|mar(?:ch|s|zo)?|märz|apr(?:il)?|avril|abril|may|mai|mayo|june?|juni|juin|junio|july?|juli|juillet|julio|aug(?:ust)?|août|agosto|sep(?:t(?:ember|embre|iembre)?)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|déc(?:embre)?|dic(?:iembre)?|enero|febrero';
const CODES =
  'USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|BRL|MXN|CLP|COP|ARS|PEN|UYU|INR|CNY|HKD|TWD|KRW|SGD|MYR|THB|IDR|PHP|VND|ZAR|NGN|KES|EGP|AED|SAR|ILS|KWD|BHD|JOD|OMR|TND|UAH|RUB|UGX|XAF|XOF|XPF';
const SIGNS = '[$€£¥₹₩₽₺₴₫₱₪฿₡₦]';
const CURRENCY_WORDS = 'dollars?|euros?|pounds?|francs?|yen|cents?|bucks|pesos?|rupees?|kronen?|kronor|円|ドル|ユーロ';
const NUMBER_WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|vierzehn|dreißig|deux|trois|quatre|cinq|sept|huit|neuf|dix|quatorze|trente|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|catorce|treinta';
const UNITS =
  'seconds?|minutes?|hours?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|tagen?|tage?|wochen?|monaten?|monate?|jahren?|jahre?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?';
const AMOUNT = "\\d[\\d.,\u00a0\u202f' ]*";

const PATTERNS: [LiteralKind, RegExp][] = [
  ['email', /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu],
  [
    'url',
    /(?:https?:\/\/|www\.)[^\s<>"')\]]+|\b[a-z0-9-]+\.(?:com|net|org|io|dev|app|co|de|fr|es|jp|uk|eu|info|biz)\b(?:\/[^\s<>"')\]]*)?/giu,
  ],
  ['card', /(?:[•*xX]{2,}[\s-]?)+\d{2,4}|\b(?:\d[ -]?){13,19}\b|\bending (?:in|with) \d{4}\b/giu],
  [
    'money',
    new RegExp(`${SIGNS}\\s?${AMOUNT}|${AMOUNT}\\s?(?:${SIGNS}|円|元)|\\b(?:${CODES})\\s?${AMOUNT}|${AMOUNT}\\s?(?:${CODES})\\b`, 'gu'),
  ],
  ['money', new RegExp(`(?:${AMOUNT}|\\b(?:${NUMBER_WORDS})\\b)[\\s-]*(?:${CURRENCY_WORDS})(?![\\p{L}])`, 'giu')],
  [
    'percent',
    new RegExp(`(?:\\d+(?:[.,]\\d+)?|\\b(?:${NUMBER_WORDS}))\\s?(?:[%％]|percent|per cent|prozent|pour cent|por ciento|パーセント)`, 'giu'),
  ],
  [
    'date',
    /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b|\b\d{4}\/\d{1,2}\/\d{1,2}\b|\d{1,4}\s?年|\d{1,2}\s?月\s?\d{1,2}\s?日/gu,
  ],
  [
    'date',
    new RegExp(
      `\\b\\d{1,2}(?:st|nd|rd|th|\\.|er)?\\s(?:de\\s)?(?:${MONTHS})\\b\\.?(?:,?\\s(?:de\\s)?\\d{4})?|\\b(?:${MONTHS})\\.?\\s\\d{1,2}(?:st|nd|rd|th)?\\b(?:,?\\s\\d{4})?|\\b(?:${MONTHS})\\s\\d{4}\\b`,
      'giu',
    ),
  ],
  ['duration', new RegExp(`(?:\\d+|\\b(?:${NUMBER_WORDS}))[\\s-]*(?:${UNITS})\\b|\\d+\\s?(?:日間|日|時間|分|週間|か月|ヶ月|年間)`, 'giu')],
  ['number', /\b[A-Z]{2,}[A-Z0-9]*[-_/]?\d[\dA-Z-]{2,}\b|#\s?\d{3,}|\b[A-Z0-9]{6,}-\d{3,}\b/gu],
];

/** A currency sign or code, or digits, glued to a fact: the fact would read as another amount. */
const GLUED = new RegExp(
  `(?:${SIGNS}|\\b(?:${CODES})|\\d[.,]?)\\s?${FACT_MARK}|${FACT_MARK}\\s?(?:${SIGNS}|[.,]?\\d|(?:${CODES})\\b)`,
  'gu',
);

/** Every literal in a plain text (markup and Liquid removed by the caller; facts may be left as FACT_MARK), in order, without overlaps. */
export function findLiterals(text: string, a: { planNames?: readonly string[]; ownDomains?: readonly string[] } = {}): Literal[] {
  const hits: Literal[] = [];
  const add = (kind: LiteralKind, start: number, found: string) => {
    const end = start + found.trimEnd().length;
    if (!hits.some((hit) => hit.start < end && start < hit.end)) hits.push({ kind, start, end, text: text.slice(start, end) });
  };
  for (const [kind, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      if (kind === 'url' && isOwn(match[0], a.ownDomains ?? [])) continue;
      add(kind, match.index, match[0]);
    }
  }
  if (text.includes(FACT_MARK)) for (const match of text.matchAll(GLUED)) add('money', match.index, match[0]);
  for (const name of a.planNames ?? []) {
    if (name.length < 3) continue;
    for (const match of text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(name)}(?![\\p{L}\\p{N}])`, 'giu')))
      add('plan', match.index, match[0]);
  }
  return hits.sort((x, y) => x.start - y.start);
}

/** The kinds no author may write and no mail may carry outside a fact (L3.2, L5.2). */
export const FORBIDDEN_LITERALS: ReadonlySet<LiteralKind> = new Set(['money', 'date', 'card', 'url', 'email', 'number']);

function isOwn(url: string, domains: readonly string[]): boolean {
  const host = url
    .replace(/^https?:\/\//i, '')
    .split(/[/?#:]/)[0]!
    .toLowerCase();
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
