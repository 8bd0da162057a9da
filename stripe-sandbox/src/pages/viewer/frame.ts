/** What every page of the viewer has: the account, the tabs, the token of its forms. */
import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { text, tokenField } from '../form.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';

export const PURPOSE = 'viewer';
export const VIEWS = {
  events: 'Events',
  objects: 'Objects',
  requests: 'Requests',
  clocks: 'Clocks',
  faults: 'Faults',
  refused: 'Refused routes',
} as const;
export type View = keyof typeof VIEWS;

export function viewOf(rq: PageRequest): View {
  const asked = rq.query.get('view') ?? 'events';
  return Object.hasOwn(VIEWS, asked) ? (asked as View) : 'events';
}

export function pathTo(account: string, view: View, more: Record<string, string> = {}): string {
  return `/?${new URLSearchParams({ account, view, ...more })}`;
}

export function framed(input: {
  title: string;
  account: Account | null;
  accounts: Account[];
  view: View | null;
  body: Html;
  status?: number;
}): PageAnswer {
  const { account, accounts, view } = input;
  const body = html`${
    accounts.length > 1
      ? html`<form method="get" action="/" class="inline account"><div class="field"><label for="account">Account</label><select id="account" name="account">${accounts.map((one) => html`<option value="${one.id}"${one.id === account?.id ? html` selected` : null}>${one.settings.name} (${one.id})</option>`)}</select></div><button class="secondary">Show</button></form>`
      : null
  }
${
  account === null
    ? null
    : html`<nav class="tabs" aria-label="Views">${Object.entries(VIEWS).map(([name, label]) => html`<a href="${pathTo(account.id, name as View)}"${name === view ? html` aria-current="page"` : null}>${label}</a>`)}</nav>`
}
${input.body}`;
  return page({
    title: input.title,
    body,
    width: 'wide',
    status: input.status ?? 200,
    ...(account === null ? {} : { merchant: account.settings.name }),
  });
}

/** A button that does one thing and comes back to `back`. */
export function actionForm(
  rq: PageRequest,
  input: { action: string; fields: Record<string, string>; back: string; inner: Html; className?: string },
): Html {
  return html`<form method="post" action="/viewer/act" class="${input.className ?? ''}">${tokenField(rq, PURPOSE)}
<input type="hidden" name="action" value="${input.action}"><input type="hidden" name="back" value="${input.back}">
${Object.entries(input.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${input.inner}</form>`;
}

/** Only an own path, so that the form cannot be used to lead elsewhere. */
export function backOf(rq: PageRequest): string {
  const back = text(rq, 'back');
  return /^\/(?![/\\])/.test(back) ? back : '/';
}

export function objectLink(id: string): Html {
  return html`<a href="/viewer/object/${encodeURIComponent(id)}"><code>${id}</code></a>`;
}
