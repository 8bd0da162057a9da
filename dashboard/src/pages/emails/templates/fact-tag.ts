import type { FactField } from '../../../api/types.ts';

/** The tag that shows a fact: with its filter by type, as a button for a link, with a default where it may be absent. */
export function tagOf({ path, type, required }: Pick<FactField, 'path' | 'type' | 'required'>): string {
  if (type === 'url') return `::: button {url=${path}}\nOpen\n:::`;
  if (type === 'list') return `::: lines ${path}`;
  const filter = type === 'money' ? ' | money' : type === 'date' ? ' | date' : '';
  const tag = `{{ ${path}${filter} }}`;
  if (required) return tag;
  return type === 'string' ? `{{ ${path} | default: "" }}` : `::: if ${path}\n${tag}\n:::`;
}
