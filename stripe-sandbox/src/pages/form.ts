/** Forms that change something: each carries a token that other sites cannot know. */
import type { PageRequest } from '../kernel/types.ts';
import { type Html, html } from './html.ts';

export const TOKEN_FIELD = 'form_token';

/** The hidden field; `purpose` names what the form acts on (`checkout cs_test_…`). */
export function tokenField(rq: PageRequest, purpose: string): Html {
  return html`<input type="hidden" name="${TOKEN_FIELD}" value="${rq.formToken(purpose)}">`;
}

/** False for a POST that did not come from a form of this Sandbox: foreign origin, or no valid token. */
export function isOwnForm(rq: PageRequest, purpose: string): boolean {
  const origin = rq.headers.get('origin');
  const site = rq.headers.get('sec-fetch-site');
  if (origin !== null && origin !== 'null' && site !== 'same-origin' && !isOwnOrigin(rq, origin)) return false;
  return rq.form[TOKEN_FIELD] === rq.formToken(purpose);
}

/** The text of a field, trimmed; '' when it was not sent. */
export function text(rq: PageRequest, name: string): string {
  const value = rq.form[name];
  return typeof value === 'string' ? value.trim() : '';
}

/** A labelled input, with its complaint tied to it. */
export function field(input: {
  name: string;
  label: string;
  value?: string;
  type?: string;
  error?: string | undefined;
  hint?: string;
  autocomplete?: string;
  inputmode?: string;
  placeholder?: string;
  required?: boolean;
  optional?: boolean;
  readonly?: boolean;
  min?: number;
  max?: number;
  maxlength?: number;
  className?: string;
}): Html {
  const described = [input.hint === undefined ? '' : `${input.name}-hint`, input.error === undefined ? '' : `${input.name}-error`]
    .join(' ')
    .trim();
  return html`<div class="field ${input.className ?? ''}">
<label for="${input.name}">${input.label}${input.optional ? html` <span class="quiet">(optional)</span>` : null}</label>
<input id="${input.name}" name="${input.name}" type="${input.type ?? 'text'}" value="${input.value ?? ''}" maxlength="${input.maxlength ?? 200}"${attribute('autocomplete', input.autocomplete)}${attribute('inputmode', input.inputmode)}${attribute('placeholder', input.placeholder)}${attribute('min', input.min)}${attribute('max', input.max)}${attribute('aria-describedby', described || undefined)}${input.error === undefined ? null : html` aria-invalid="true"`}${input.required ? html` required` : null}${input.readonly ? html` readonly` : null}>
${input.hint === undefined ? null : html`<p class="hint" id="${input.name}-hint">${input.hint}</p>`}
${input.error === undefined ? null : html`<p class="error" id="${input.name}-error">${input.error}</p>`}
</div>`;
}

/** A labelled choice from a list of value and name. */
export function select(input: {
  name: string;
  label: string;
  value: string;
  options: [value: string, label: string][];
  error?: string | undefined;
  autocomplete?: string;
  required?: boolean;
}): Html {
  const { name, error } = input;
  return html`<div class="field">
<label for="${name}">${input.label}</label>
<select id="${name}" name="${name}"${attribute('autocomplete', input.autocomplete)}${attribute('aria-describedby', error === undefined ? undefined : `${name}-error`)}${error === undefined ? null : html` aria-invalid="true"`}${input.required ? html` required` : null}>
${input.options.map(([value, label]) => html`<option value="${value}"${value === input.value ? html` selected` : null}>${label}</option>`)}
</select>
${error === undefined ? null : html`<p class="error" id="${name}-error">${error}</p>`}
</div>`;
}

/** A box to tick, with its complaint tied to it. */
export function checkbox(input: { name: string; label: Html | string; checked: boolean; error?: string | undefined }): Html {
  const { name, error } = input;
  return html`<div class="tick"><label class="check"><input type="checkbox" name="${name}" value="yes"${input.checked ? html` checked` : null}${attribute('aria-describedby', error === undefined ? undefined : `${name}-error`)}${error === undefined ? null : html` aria-invalid="true"`}><span>${input.label}</span></label>
${error === undefined ? null : html`<p class="error" id="${name}-error">${error}</p>`}</div>`;
}

/** What went wrong, read out at once. */
export function alert(message: string | null | undefined): Html | null {
  return message ? html`<div class="alert" role="alert">${message}</div>` : null;
}

function attribute(name: string, value: string | number | undefined): Html | null {
  return value === undefined ? null : html` ${name}="${value}"`;
}

/** The address listened on, the public one, or either name of loopback. */
function isOwnOrigin(rq: PageRequest, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === rq.headers.get('host') || host === new URL(rq.publicUrl).host;
}
