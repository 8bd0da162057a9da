import { expect, test } from 'vitest';
import { DEFAULT_SOURCES } from '../defaults/sources.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { lintTemplate } from './lint.ts';
import { findLiterals } from './literals.ts';

const source = (body: string, a: { subject?: string; trigger?: string; head?: string } = {}) =>
  `---\ntrigger: ${a.trigger ?? 'payment.failed'}\nlocale: en\nsubject: "${a.subject ?? 'Please pay'}"\npreheader: "Your invoice"\n${a.head ?? ''}---\n${body}\n`;
const errors = (text: string) =>
  lintTemplate(text)
    .issues.filter((issue) => issue.level === 'error')
    .map((i) => [i.rule, i.row, i.column, i.found, i.suggestion ?? null]);

test('[L2.1] an unknown field is refused at its place, with the nearest known name', () => {
  expect(errors(source('Hello\n\nInvoice {{ invoice.nubmer }}'))).toEqual([['L2.1', 9, 12, 'invoice.nubmer', 'invoice.number']]);
  expect(errors(source('x', { subject: 'Pay {{ invoice.remaning_amount | money }}' }))).toEqual([
    ['L2.1', 4, 18, 'invoice.remaning_amount', 'invoice.remaining_amount'],
  ]);
});

test('[L2.1] also inside if, for, a directive, after aliasing, and for filters and tags', () => {
  expect(errors(source('{% if payment.decline_reson %}x{% endif %}')).map((e) => e[4])).toEqual(['payment.decline_reason']);
  expect(errors(source('{% if invoice.number == "x" and payment.reason %}x{% endif %}')).map((e) => e[3])).toEqual(['payment.reason']);
  const lines = (body: string) => errors(source(body, { trigger: 'payment.received' }));
  expect(lines('{% for line in invoice.lines %}{{ line.descripton }}{% endfor %}').map((e) => e[4])).toEqual(['line.description']);
  expect(lines('{% for line in invoice.number %}{{ line.amount }}{% endfor %}').map((e) => e[0])).toEqual(['L2.1']);
  expect(errors(source('{% assign due = invoice.remaining_amount %}{{ deu }}')).map((e) => [e[3], e[4]])).toEqual([['deu', 'due']]);
  expect(errors(source('::: button {url=links.pey}\nPay\n:::')).map((e) => e[4])).toEqual(['links.pay']);
  expect(errors(source('{{ invoice.number | upcas }}')).map((e) => e[4])).toEqual(['upcase']);
  expect(errors(source('{% wobble %}')).map((e) => e[0])).toEqual(['L2.1']);
  expect(errors(source('{% if invoice.number %}never closed')).map((e) => e[0])).toEqual(['L2.1']);
  expect(errors(source('{{ invoice.number')).map((e) => e[3])).toEqual(['{{']);
});

test('[L2.2] tags that reach out or count are refused', () => {
  for (const tag of [
    'include "x"',
    'render "x"',
    'layout "x"',
    'block x',
    'liquid',
    'raw',
    'cycle "a"',
    'increment n',
    'decrement n',
    'tablerow x in y',
    'echo invoice.number',
  ]) {
    expect(
      errors(source(`{% ${tag} %}`)).map((e) => e[0]),
      tag,
    ).toContain('L2.2');
  }
});

test('[L2.3] raw, arithmetic and cutting filters are refused; money and date only fit their kind', () => {
  for (const filter of ['raw', 'plus: 1', 'times: 100', 'append: "0"', 'prepend: "1"', 'replace: "1", "9"', 'split: ","']) {
    expect(
      errors(source(`{{ invoice.remaining_amount | ${filter} }}`)).map((e) => e[0]),
      filter,
    ).toContain('L2.3');
  }
  expect(errors(source('{{ invoice.number | money }}')).map((e) => e[0])).toEqual(['L2.3']);
  expect(errors(source('{{ invoice.number | upcase }} {{ invoice.remaining_amount | money }}'))).toEqual([]);
});

test('[L2.4] an optional field needs a default or a condition that proves it', () => {
  expect(errors(source('{{ payment.decline_reason }}')).map((e) => e[0])).toEqual(['L2.4']);
  expect(errors(source('{{ payment.decline_reason | default: "unknown" }}'))).toEqual([]);
  expect(errors(source('{% if payment.decline_reason %}{{ payment.decline_reason }}{% endif %}'))).toEqual([]);
  expect(errors(source('{% if payment.decline_reason and customer.name %}{{ customer.name }}{% endif %}'))).toEqual([]);
  expect(errors(source('{% if payment.decline_reason or customer.name %}{{ customer.name }}{% endif %}')).map((e) => e[0])).toEqual([
    'L2.4',
  ]);
  expect(errors(source('{% if customer.name %}x{% else %}{{ customer.name }}{% endif %}')).map((e) => e[0])).toEqual(['L2.4']);
  expect(errors(source('{% unless customer.name %}{{ customer.name }}{% endunless %}')).map((e) => e[0])).toEqual(['L2.4']);
  expect(errors(source('::: if customer.name\n{{ customer.name }}\n:::'))).toEqual([]);
  expect(errors(source('{% assign n = customer.name %}{{ n }}')).map((e) => e[0])).toContain('L2.4');
});

test('[L1.2] brackets, prototypes and functions are not part of the language', () => {
  for (const path of [
    'customer["name"]',
    'customer.constructor',
    '__proto__',
    'invoice.number.constructor',
    'customer.__proto__.x',
    'forloop.parentloop',
    'invoice.lines.first',
  ]) {
    expect(errors(source(`{{ ${path} }}`)).length, path).toBeGreaterThan(0);
  }
});

test('[K1] [K2] head and directives are checked at their place', () => {
  expect(errors('no head').map((e) => e[0])).toContain('K1');
  expect(errors(source('x', { head: 'colour: red\n' })).map((e) => [e[0], e[1]])).toEqual([['K1', 6]]);
  expect(errors(source('x', { trigger: 'payment.faild' })).map((e) => e[4])).toEqual(['payment.failed']);
  expect(errors(source('::: bottom {url=links.pay}\n:::')).map((e) => e[0])).toContain('K2');
  expect(errors(source('::: panel\nnever closed')).map((e) => e[0])).toEqual(['K2']);
  expect(errors(source('::: button {url=invoice.number}\nPay\n:::')).map((e) => e[0])).toEqual(['K2']);
});

test('[L2.5] [U6] a transactional subject does not advertise, and a template keeps the class of its trigger', () => {
  expect(errors(source('x', { subject: 'A discount for you' })).map((e) => e[0])).toEqual(['L2.5']);
  expect(errors(source('x', { head: 'class: marketing\n' })).map((e) => e[0])).toContain('U6');
});

test('[L5.4] private-use and control characters never enter a template', () => {
  for (const bad of ['\uE000', '\uE100', '\u0000', '\u0007']) expect(errors(source(`a${bad}b`)).map((e) => e[0])).toContain('L5.4');
});

test('[L3.2] what only facts may say is an error for every author', () => {
  for (const text of [
    '$49',
    '€ 49,00',
    '49 EUR',
    'USD 12.50',
    '1.234,56 €',
    '¥500',
    'five dollars',
    'January 5',
    '5 January 2026',
    '2026-01-05',
    '05.01.2026',
    '1/5/2026',
    '5. März',
    '2026年1月5日',
    '•••• 4242',
    '4242 4242 4242 4242',
    'ending in 4242',
    'https://evil.example/pay',
    'www.evil.example',
    'evil.com',
    'pay@evil.example',
    'INV-00042',
    'ACME-0001',
  ]) {
    expect(
      errors(source(`Please note: ${text} now`)).map((e) => e[0]),
      text,
    ).toContain('L3.2');
    expect(
      errors(source('x', { subject: `Note ${text}` })).map((e) => e[0]),
      text,
    ).toContain('L3.2');
  }
});

test('[L3.3] durations and percentages warn a person and stop a machine', () => {
  const text = source('You have 3 days and get 20 % of it');
  expect(lintTemplate(text).issues.map((i) => [i.level, i.rule, i.found])).toEqual([
    ['warning', 'L3.3', '3 days'],
    ['warning', 'L3.3', '20 %'],
  ]);
  expect(lintTemplate(text, { authorKind: 'agent' }).ok).toBe(false);
  expect(lintTemplate(text, { acknowledged: ['3 days', '20 %'] }).issues).toEqual([]);
  expect(lintTemplate(source('Your Team Gold plan'), { authorKind: 'model', planNames: ['Team Gold'] }).ok).toBe(false);
});

test('[L3.2] a sign or digit glued to a fact, and a default that states an amount, are caught', () => {
  for (const body of [
    `${'$'}{{ payment.attempt_count }}`,
    '{{ payment.attempt_count }} EUR',
    '1{{ invoice.remaining_amount | money }}',
    '{{ customer.name | default: "$99" }}',
  ]) {
    expect(
      errors(source(body)).map((e) => e[0]),
      body,
    ).toContain('L3.2');
  }
});

test('L3: literals: ordinary prose is left alone', () => {
  expect(findLiterals('Hello there, thank you. You may write to us; we are glad to help (always).')).toEqual([]);
  expect(findLiterals('Mayor Augusta marched in step, and may decide.')).toEqual([]);
});

test('[K9] every shipped template is sound in five languages, and they cover the same variants', () => {
  const seen = new Map<string, string[]>();
  for (const text of DEFAULT_SOURCES) {
    const lint = lintTemplate(text, { authorKind: 'composer' });
    expect(lint.issues, `${lint.head.trigger} ${lint.head.locale}`).toEqual([]);
    expect(lint.fieldsUsed.filter((path) => path.startsWith('links.') && !['links.pay', 'links.receipt'].includes(path))).toEqual([]);
    expect(triggerSpec(lint.head.trigger)!.variants).toContain(lint.head.variant);
    seen.set(lint.head.locale, [...(seen.get(lint.head.locale) ?? []), `${lint.head.trigger}/${lint.head.variant}`]);
  }
  expect([...seen.keys()]).toEqual(['en', 'de', 'fr', 'es', 'ja']);
  for (const variants of seen.values()) expect(variants).toEqual(seen.get('en'));
});
