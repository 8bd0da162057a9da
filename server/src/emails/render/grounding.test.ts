import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostClock } from '../../kit/machine-clock.ts';
import { DEFAULT_SOURCES } from '../defaults/sources.ts';
import { displayFacts } from '../facts/display.ts';
import type { RawFact } from '../facts/fact.ts';
import { checkFacts } from '../facts/require.ts';
import { sampleFacts } from '../facts/sample.ts';
import { toRenderInput } from '../facts/to-render.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { compileSource } from '../templates/compile-source.ts';
import { type Head, lintTemplate } from '../templates/lint.ts';
import { findLiterals } from '../templates/literals.ts';
import { visibleText } from './audit.ts';
import { createRenderPool, type RenderPool } from './pool.ts';
import { type CompiledVersion, makeRenderer, type RenderAnswer } from './render.ts';

const NOW = Temporal.Instant.from('2026-03-01T12:00:00Z');
const render = makeRenderer([]);

type Shipped = { head: Head; version: CompiledVersion; source: string };
let shipped: Shipped[];
let pool: RenderPool;
beforeAll(async () => {
  pool = createRenderPool({ machineClock: hostClock(), workers: 2 });
  shipped = await Promise.all(
    DEFAULT_SOURCES.map(async (source, i) => {
      const { head } = lintTemplate(source);
      const compiled = await compileSource(source, {});
      if ('error' in compiled) throw new Error(compiled.error);
      return { head, source, version: { id: `v${i}`, subject: head.subject, preheader: head.preheader, ...compiled } };
    }),
  );
});
afterAll(() => pool.close());

const specOf = (s: Shipped) => triggerSpec(s.head.trigger)!;
function rendered(s: Shipped, raw: RawFact[], locale = s.head.locale): { answer: RenderAnswer; displays: Set<string> } {
  const facts = displayFacts(raw, { schema: specOf(s).facts, locale });
  const displays = new Set(
    facts.flatMap((f) => (f.type === 'list' ? (f.value as { display: string }[][]).flat().map((c) => c.display) : [f.display])),
  );
  return { answer: render(s.version, toRenderInput(facts, specOf(s).facts)), displays };
}

const CURRENCIES = ['usd', 'eur', 'jpy', 'gbp', 'chf', 'isk', 'kwd', 'huf', 'brl'];
const LOCALES = ['en', 'de', 'fr', 'es', 'ja'];
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{ invoice.total }}',
    '{% raw %}',
    '\uE0000\uE001x\uE002',
    'javascript:alert(1)',
    '$1,000,000',
    '**bold**',
    'a\r\nBcc: x@y.z',
    '&lt;b&gt;',
    "');--",
    '📎'.repeat(150),
  ),
);

/** The facts of a template with random money, dates and customer texts. */
function randomFacts(s: Shipped) {
  return fc
    .record({
      amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      currency: fc.constantFrom(...CURRENCIES),
      days: fc.integer({ min: 1, max: 400 }),
      text: hostile,
      locale: fc.constantFrom(...LOCALES),
      keep: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    })
    .map((r) => ({
      ...r,
      facts: sampleFacts(specOf(s).facts, NOW)
        .filter(
          (fact, i) =>
            specOf(s).required.includes(fact.path) || specOf(s).requiredIn[s.head.variant]?.includes(fact.path) || r.keep[i % 40],
        )
        .map((fact): RawFact => {
          if (fact.type === 'money') return { ...fact, value: { amount: r.amount, currency: r.currency } };
          if (fact.type === 'date') return { ...fact, value: { at: NOW.add({ hours: r.days * 24 }), timeZone: 'Europe/Berlin' } };
          return fact.type === 'string' && !['invoice.number', 'payment.decline_reason', 'payment_method.last4'].includes(fact.path)
            ? { ...fact, value: `x${r.text}` }
            : fact;
        }),
    }));
}

test('[L5] whatever the facts, currency and language: every amount and date in a mail is a display of its provenance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: DEFAULT_SOURCES.length - 1 }).chain((i) => fc.tuple(fc.constant(i), randomFacts(shipped[i]!))),
      ([i, random]) => {
        const s = shipped[i]!;
        const { answer, displays } = rendered(s, random.facts, random.locale);
        if (answer.kind === 'refused') return expect(answer.reason).toBe('never refused');
        for (const piece of answer.pieces) {
          const shownAs =
            piece.part === 'html'
              ? piece.text.replace(/&(amp|lt|gt|quot|#39);/g, (_, n: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[n]!)
              : piece.text;
          expect(displays.has(shownAs)).toBe(true);
          const part = piece.part === 'preheader' ? null : answer[piece.part];
          if (part !== null) expect(part.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
        }
        // What is left when the facts are cut out says no amount and no date.
        for (const part of ['subject', 'html', 'text'] as const) {
          let rest = answer[part];
          for (const piece of answer.pieces.filter((p) => p.part === part).toReversed())
            rest = `${rest.slice(0, piece.offset)}\n${rest.slice(piece.offset + piece.text.length)}`;
          const said = findLiterals(part === 'html' ? visibleText(rest) : rest).filter(
            (hit) => hit.kind === 'money' || hit.kind === 'date' || hit.kind === 'card',
          );
          expect(said).toEqual([]);
        }
        expect(/[\uE000-\uE002\uE100\uE101]/.test(answer.subject + answer.html + answer.text)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

test('[L5.3] html and text show the same facts', () => {
  for (const s of shipped) {
    const { answer } = rendered(s, sampleFacts(specOf(s).facts, NOW));
    expect(answer.kind, `${s.head.trigger} ${s.head.locale}`).toBe('rendered');
  }
  const s = shipped[0]!;
  const lying = { ...s.version, id: 'lying', text: s.version.text.replace('{{ price.amount }}', '') };
  expect(
    render(
      lying,
      toRenderInput(displayFacts(sampleFacts(specOf(s).facts, NOW), { schema: specOf(s).facts, locale: 'en' }), specOf(s).facts),
    ),
  ).toMatchObject({ kind: 'refused', reason: 'html_and_text_differ' });
});

test('[L7.4] the same version, facts and language give the same bytes', () => {
  for (const s of shipped.slice(0, 10)) {
    const again = makeRenderer([])(
      s.version,
      toRenderInput(displayFacts(sampleFacts(specOf(s).facts, NOW), { schema: specOf(s).facts, locale: s.head.locale }), specOf(s).facts),
    );
    expect(again).toEqual(rendered(s, sampleFacts(specOf(s).facts, NOW)).answer);
  }
});

test('[L5.2] a mutation of a shipped template never sends an invented amount: lint, compiler or audit stops it', async () => {
  const english = shipped.filter((s) => s.head.locale === 'en');
  const mutations: [string, (text: string) => string][] = [
    ['path typo', (t) => t.replace(/\{\{ (\w+)\.(\w+)/, '{{ $1.$2x')],
    ['literal amount', (t) => `${t}\nThat is $12.34 in all.\n`],
    ['split literal', (t) => `${t}\nThat is $1**2**.34 in all.\n`],
    ['entity literal', (t) => `${t}\nThat is &#36;12.34 in all.\n`],
    ['literal date', (t) => `${t}\nUntil 3 March 2026.\n`],
    ['removed condition', (t) => t.replace(/::: if [\w.]+\n([\s\S]*?)\n:::/, '$1')],
    ['card digits', (t) => `${t}\nCard •••• 4242\n`],
  ];
  for (const s of english) {
    for (const [name, mutate] of mutations) {
      const changed = mutate(s.source);
      if (changed === s.source) continue;
      const lint = lintTemplate(changed);
      const compiled = lint.ok ? await compileSource(changed, {}) : null;
      const stopped = !lint.ok || compiled === null || 'error' in compiled;
      expect(stopped, `${s.head.trigger}: ${name}`).toBe(true);
    }
  }
});

test('[L6] [M9] missing facts: without any one required fact, and with it empty, past or negative, every recipe refuses', () => {
  for (const s of shipped.filter((x) => x.head.locale === 'en')) {
    const spec = specOf(s);
    const raw = sampleFacts(spec.facts, NOW);
    const displayed = (facts: RawFact[]) => displayFacts(facts, { schema: spec.facts, locale: 'en' });
    const check = (facts: RawFact[]) => checkFacts({ facts: displayed(facts), spec, variant: s.head.variant, now: NOW });
    const required = [...spec.required, ...(spec.requiredIn[s.head.variant] ?? [])];
    expect(check(raw)).toBeNull();
    for (const path of required) {
      expect(check(raw.filter((f) => f.path !== path)), path).toMatchObject({ field: path });
      const fact = raw.find((f) => f.path === path)!;
      const spoiled =
        fact.type === 'money'
          ? { amount: -1n, currency: 'usd' }
          : fact.type === 'date'
            ? { at: NOW.subtract({ hours: 48 }), timeZone: 'UTC' }
            : fact.type === 'list'
              ? []
              : fact.type === 'integer'
                ? Number.NaN
                : fact.type === 'url'
                  ? 'javascript:alert(1)'
                  : ' ';
      const isPast = fact.type === 'date' && !spec.facts[path]!.future;
      if (!isPast) expect(check(raw.map((f) => (f.path === path ? { ...f, value: spoiled } : f))), path).toMatchObject({ field: path });
    }
  }
});

test('[M7] hostile customer strings: add no element, attribute or handler to the html', () => {
  for (const text of [
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    "' onmouseover='x",
    '</td></tr></table><form action=x>',
    'javascript:alert(1)',
    '{{ 7 | times: 7 }}',
    '{% if true %}x{% endif %}',
  ]) {
    for (const s of shipped.filter((x) => x.head.locale === 'en')) {
      const facts = sampleFacts(specOf(s).facts, NOW);
      const plain = rendered(s, facts).answer;
      const nasty = rendered(
        s,
        facts.map((f) => (f.type === 'string' ? { ...f, value: text } : f)),
      ).answer;
      if (plain.kind !== 'rendered' || nasty.kind !== 'rendered') throw new Error('refused');
      const tags = (html: string) => (html.match(/<[a-z!/][^>]*>/gi) ?? []).map((tag) => tag.replace(/aria-label="[^"]*"/, ''));
      expect(tags(nasty.html).length).toBe(tags(plain.html).length);
      expect(tags(nasty.html).filter((tag) => /\son\w+=|<script|<form|<svg/i.test(tag))).toEqual([]);
    }
  }
});

const item = (text: string) => ({
  version: { id: text, subject: 'x', preheader: '', html: text, text },
  input: { facts: [{ path: 'customer.name', type: 'string', raw: 'Ada', display: 'Ada' }], lists: [], absent: [] },
});

test('[L1.2] prototypes, functions and files are out of reach even past lint', async () => {
  for (const text of [
    '{{ customer.constructor }}',
    '{{ customer.name.constructor.name }}',
    '{{ customer.__proto__ }}',
    '{{ customer.name.equals }}',
    '{{ constructor }}',
    '{{ toString }}',
    '{{ customer.name.print }}',
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{{ customer.name | raw }}',
    '{{ "a" | append: "b" }}',
  ]) {
    const [answer] = await pool.render([item(text)]);
    expect(answer, text).toMatchObject({ kind: 'refused' });
  }
});

test('[M8] [K13] hostile templates: endless work and memory bombs end in time, and the next mail of the batch is fine', async () => {
  const nested = (depth: number): string => (depth === 0 ? 'x' : `{% for a in (1..100000) %}${nested(depth - 1)}{% endfor %}`);
  const bomb =
    '{% capture a %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endcapture %}' +
    '{% capture a %}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{% endcapture %}'.repeat(12);
  const started = performance.now();
  const answers = await pool.render([item(nested(4)), item('Hello {{ customer.name }}'), item(bomb)]);
  expect(answers.map((a) => a.kind)).toEqual(['refused', 'rendered', 'refused']);
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('[F4] amounts follow Stripe’s table of minor units in every language', () => {
  const show = (amount: bigint, currency: string, locale: string) =>
    displayFacts(
      [
        {
          path: 'refund.amount',
          type: 'money',
          value: { amount, currency },
          source: { object: 'refund', id: 're', field: 'amount', read_at: '' },
        },
      ],
      { schema: triggerSpec('refund.completed')!.facts, locale },
    )[0]!.display;
  expect(show(500n, 'jpy', 'en')).toBe('¥500');
  expect(show(123450n, 'kwd', 'en')).toMatch(/123\.450/);
  expect(show(10000n, 'isk', 'en')).toMatch(/100\.00/);
  expect(show(123456n, 'eur', 'de')).toBe('1.234,56\u00a0€');
});
