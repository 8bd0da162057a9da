/** How a fact reads in a language: the only place where values become text (F4). */
import { formatMoney } from '../../kit/money.ts';
import { formatDate } from '../../kit/time.ts';
import { declineSentence, wordsOf } from '../words/words.ts';
import type { DateValue, Fact, FactRow, FactSchema, FieldSpec, MoneyValue, RawFact } from './fact.ts';

/** Characters of a customer's string that a mail shows (F6). */
const MAX_STRING = 200;

/** The facts with displays in one locale. */
export function displayFacts(raw: RawFact[], a: { schema: FactSchema; locale: string }): Fact[] {
  return raw.map((fact) => displayed(fact, a.schema[fact.path], a.locale));
}

function displayed(fact: RawFact, spec: FieldSpec | undefined, locale: string): Fact {
  if (fact.type === 'list') {
    const rows = (fact.value as FactRow[]).map((row) =>
      Object.entries(row).map(([name, cell]) => displayed(cell, spec?.item?.[name], locale)),
    );
    return { ...fact, value: rows, display: '' };
  }
  return { ...fact, value: fact.value as Exclude<Fact['value'], Fact[][]>, display: displayOf(fact, spec, locale) };
}

function displayOf(fact: RawFact, spec: FieldSpec | undefined, locale: string): string {
  switch (fact.type) {
    case 'money':
      return formatMoney(fact.value as MoneyValue, locale);
    case 'date': {
      const { at, timeZone } = fact.value as DateValue;
      const date = formatDate(at, { locale, timeZone });
      return spec?.deadline === true ? `${date} (${zoneName(at, { locale, timeZone })})` : date;
    }
    case 'integer':
      return Number.isSafeInteger(fact.value) ? new Intl.NumberFormat(locale).format(fact.value as number) : '';
    case 'enum':
      return enumDisplay(fact, spec, locale);
    default:
      return fact.path === 'payment.decline_reason' ? (declineSentence(String(fact.value), locale) ?? '') : cleanString(String(fact.value));
  }
}

/** The short name of the zone at that instant: "UTC", "CET", "GMT+9". */
function zoneName(at: Temporal.Instant, a: { locale: string; timeZone: string }): string {
  const parts = new Intl.DateTimeFormat(a.locale, { timeZone: a.timeZone, timeZoneName: 'short' }).formatToParts(at.epochMilliseconds);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? a.timeZone;
}

/** `plan.interval` is stored as unit and count ("month:3"); its comparisons see the unit. */
function enumDisplay(fact: RawFact, spec: FieldSpec | undefined, locale: string): string {
  const words = wordsOf(locale);
  const [value, count] = String(fact.value).split(':') as [string, string?];
  if (spec?.values && !spec.values.includes(value)) return '';
  if (fact.path === 'plan.interval') return words.interval(value as 'day' | 'week' | 'month' | 'year', Number(count ?? 1));
  if (fact.path === 'refund.kind') return value === 'full' ? words.full : words.partial;
  if (fact.path === 'next_invoice.estimated') return words.estimated;
  return value;
}

/** F6: no control or private-use characters, one line, at most 200 characters. */
export function cleanString(text: string): string {
  const clean = text
    .replace(/[\uE000-\uF8FF]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= MAX_STRING ? clean : `${characters.slice(0, MAX_STRING - 1).join('')}…`;
}
