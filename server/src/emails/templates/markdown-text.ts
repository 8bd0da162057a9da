/** Plain text of a Markdown passage, from the same tokens its HTML is made of. */
import type MarkdownIt from 'markdown-it';

export type Markdown = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Markdown['parse']>[number];

export function markdownToText(md: Markdown, source: string): string {
  const out: string[] = [];
  const lists: { ordered: boolean; next: number }[] = [];
  let bullet = '';
  for (const token of md.parse(source, {})) {
    if (token.type === 'bullet_list_open') lists.push({ ordered: false, next: 1 });
    else if (token.type === 'ordered_list_open') lists.push({ ordered: true, next: Number(token.attrGet('start') ?? 1) });
    else if (token.type.endsWith('_list_close')) lists.pop();
    else if (token.type === 'list_item_open') {
      const list = lists.at(-1);
      bullet = `${'  '.repeat(lists.length - 1)}${list?.ordered ? `${list.next++}.` : '-'} `;
    } else if (token.type === 'inline') {
      out.push(`${bullet}${inlineText(token.children ?? [])}`);
      bullet = '';
    } else if (token.type === 'hr') out.push('----------');
    else if (token.type === 'fence' || token.type === 'code_block') out.push(token.content.trimEnd());
  }
  return out.join(lists.length > 0 ? '\n' : '\n\n');
}

function inlineText(tokens: Token[]): string {
  let text = '';
  const targets: string[] = [];
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'code_inline') text += token.content;
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.type === 'link_open') targets.push(String(token.attrGet('href') ?? ''));
    else if (token.type === 'link_close') text += ` (${targets.pop() ?? ''})`;
    else text += token.content;
  }
  return text;
}
