/** The frame of every hosted page: banner, title, one stylesheet, and the headers that keep anything foreign out. */
import type { PageAnswer } from '../kernel/types.ts';
import { type Html, html } from './html.ts';

export type PageInput = {
  /** Also the page's only first-level heading, unless `heading` is false. */
  title: string;
  body: Html;
  status?: number;
  /** `wide` for two columns and the viewer. */
  width?: 'narrow' | 'medium' | 'wide';
  /** Shown above the title: whose page it is. */
  merchant?: string;
  heading?: false;
  /** Where the visitor came from, above everything else. */
  back?: { href: string; label: string } | null;
  /** Where a form of this page may be redirected to, besides the Sandbox itself. */
  leadsTo?: string | null;
  /** The browser goes on there by itself. */
  refresh?: string;
};

/** A complete answer. Nothing is cached: every page shows money or state. */
export function page(input: PageInput): PageAnswer {
  const headers: Record<string, string> = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policyOf(input.leadsTo ?? null),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  if (input.refresh !== undefined) headers.refresh = `0; url=${httpUrl(input.refresh)?.href ?? '/'}`;
  return { status: input.status ?? 200, headers, body: documentOf(input).text };
}

/** A page that says what is wrong and changes nothing. */
export function messagePage(input: {
  status: number;
  title: string;
  text: string;
  link?: { href: string; label: string } | null;
}): PageAnswer {
  const link = input.link ? html`<p><a href="${input.link.href}">${input.link.label}</a></p>` : null;
  return page({ status: input.status, title: input.title, body: html`<p>${input.text}</p>${link}` });
}

/** 303: the browser asks for `location` with GET. Only http(s) addresses and own paths. */
export function redirect(location: string): PageAnswer {
  const target = location.startsWith('/') && !location.startsWith('//') ? location : httpUrl(location)?.href;
  if (target === undefined)
    return messagePage({ status: 400, title: 'Address refused', text: 'Only http and https addresses are followed.' });
  return { status: 303, headers: { location: target, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }, body: '' };
}

/** The address when it is one of the web's, else null. */
export function httpUrl(text: string | null | undefined): URL | null {
  if (!text || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

/** No script at all; Chromium applies form-action to redirects too, so the one address a form leads to is named. */
function policyOf(leadsTo: string | null): string {
  const target = httpUrl(leadsTo)?.origin;
  return `default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'${target === undefined ? '' : ` ${target}`}; frame-ancestors 'none'`;
}

function documentOf(input: PageInput): Html {
  const merchant =
    input.merchant === undefined
      ? null
      : html`<p class="merchant"><span aria-hidden="true" class="mark">${initial(input.merchant)}</span>${input.merchant}</p>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${input.title}${input.merchant === undefined ? '' : ` · ${input.merchant}`}</title>
<link rel="stylesheet" href="/pages.css">
<link rel="icon" href="data:,">
</head>
<body>
<header class="banner"><strong>Stripe Sandbox</strong><span>no real money</span></header>
<main class="${input.width ?? 'narrow'}">
${input.back ? html`<p class="back"><a href="${input.back.href}"><span aria-hidden="true">←</span> ${input.back.label}</a></p>` : null}
${merchant}
${input.heading === false ? null : html`<h1>${input.title}</h1>`}
${input.body}
</main>
<footer>Simulated by the Stripe Sandbox. No card is charged and no real card number is accepted.</footer>
</body>
</html>`;
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '·';
}
