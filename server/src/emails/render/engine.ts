/** The Liquid engines of a worker: one per way of escaping, with every door to files, prototypes and other filters closed (K4, K13). */
import { Liquid, type Template } from 'liquidjs';
import { ALLOWED_FILTERS } from '../templates/lint-fields.ts';
import { ALLOWED_TAGS } from '../templates/liquid-tree.ts';
import { MarkedFact } from './marked.ts';

/** K13: characters of a template, milliseconds of a render, objects of a render. */
const PARSE_LIMIT = 200_000;
const RENDER_LIMIT_MS = 200;
const MEMORY_LIMIT = 1e6;

export type Engine = { parse(source: string): Template[]; render(templates: Template[], scope: object): string };

export const htmlEngine = (): Engine => engine(escapeHtml);
export const textEngine = (): Engine => engine(String);

export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ENTITIES[c]!) : text;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function engine(encode: (text: string) => string): Engine {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    templates: {},
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape: (value: unknown) =>
      value instanceof MarkedFact
        ? value.print(encode)
        : typeof value === 'string'
          ? escapeOnce(value, encode)
          : value === null || value === undefined
            ? ''
            : encode(String(value)),
  });
  const keep = new Set<string>(ALLOWED_TAGS);
  for (const name of Object.keys(liquid.tags)) if (!keep.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) if (!(ALLOWED_FILTERS as readonly string[]).includes(name)) delete liquid.filters[name];
  liquid.registerFilter('money', (value: unknown) => value);
  liquid.registerFilter('date', (value: unknown) => value);
  liquid.registerFilter('upcase', (value: unknown) => shown(value, (text) => text.toUpperCase()));
  liquid.registerFilter('downcase', (value: unknown) => shown(value, (text) => text.toLowerCase()));
  liquid.registerFilter('capitalize', (value: unknown) => shown(value, (text) => text.charAt(0).toUpperCase() + text.slice(1)));
  liquid.registerFilter('default', (value: unknown, other: unknown) =>
    value === null || value === undefined || value === false || value === '' || (value instanceof MarkedFact && value.isEmpty())
      ? other
      : value,
  );
  return {
    parse: (source) => liquid.parse(source),
    render: (templates, scope) => liquid.renderSync(templates, scope) as string,
  };
}

function shown(value: unknown, change: (text: string) => string): unknown {
  if (value instanceof MarkedFact) return value.shownAs(change);
  return typeof value === 'string' && !value.includes('\uE000') ? change(value) : value;
}

/** A captured text was escaped when its parts were printed; escaping it again would show the escapes. */
function escapeOnce(value: string, encode: (text: string) => string): string {
  return value.includes('\uE000') ? value : encode(value);
}
