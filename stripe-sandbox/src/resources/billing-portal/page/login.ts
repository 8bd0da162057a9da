/** The shareable login page of a configuration: an e-mail address in, a portal session out. */
import type { Doc, PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { alert, field, isOwnForm, text, tokenField } from '../../../pages/form.ts';
import { html } from '../../../pages/html.ts';
import { messagePage, page } from '../../../pages/layout.ts';
import { openPortal } from '../sessions.ts';

type Found = { account: string; merchant: string; configuration: Doc; token: string };

/** GET /p/login/{token} */
export async function showLogin(rq: PageRequest): Promise<PageAnswer> {
  const found = await load(rq);
  return found === null ? unknown() : loginPage(rq, found, null);
}

/** POST: Stripe mails a link; nothing is mailed here, so the page shows it. Nobody learns which addresses are customers'. */
export async function submitLogin(rq: PageRequest): Promise<PageAnswer> {
  const found = await load(rq);
  if (found === null) return unknown();
  if (!isOwnForm(rq, purposeOf(found))) return loginPage(rq, found, 'This page was out of date. Please try again.');
  const email = text(rq, 'email');
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return loginPage(rq, found, 'Enter an e-mail address, like jane@example.com.');
  const url = await rq.transaction(found.account, async (tx) => {
    const customer = await tx.first({ object: 'customer', where: { email } });
    if (customer === undefined) return null;
    const { configuration } = found;
    return openPortal(tx, { customer, configuration, flow: null, locale: null, returnUrl: configuration.default_return_url }).url as string;
  });
  const body = html`<p class="note" role="status">If ${email} belongs to a customer, a link was sent there.</p>
${url === null ? null : html`<section class="card"><h2>In the Sandbox</h2><p>No mail is sent here. This is the link that would be in it:</p><p><a class="button" href="${url}">Open the portal</a></p></section>`}`;
  return page({ title: 'Check your mail', merchant: found.merchant, body });
}

async function load(rq: PageRequest): Promise<Found | null> {
  const link = await rq.find(rq.path.token ?? '');
  if (link === null || link.doc.object !== 'sandbox.link') return null;
  return rq.transaction(link.account, async (tx) => {
    const configuration = await tx.get(link.doc.ref, { object: 'billing_portal.configuration' });
    const url: string | null = configuration?.login_page.url ?? null;
    if (configuration === undefined || !configuration.active || url?.endsWith(`/${link.doc.id}`) !== true) return null;
    return { account: link.account, merchant: tx.account.settings.name, configuration, token: link.doc.id };
  });
}

function loginPage(rq: PageRequest, found: Found, error: string | null): PageAnswer {
  const body = html`<form method="post" class="card" novalidate>${alert(error)}${tokenField(rq, purposeOf(found))}
<p>Enter the e-mail address you use with ${found.merchant}. You get a link to manage your billing.</p>
${field({ name: 'email', label: 'E-mail', type: 'email', value: text(rq, 'email'), autocomplete: 'email', required: true })}<button class="block">Send the link</button></form>`;
  return page({ title: 'Sign in to manage your billing', merchant: found.merchant, body, status: error === null ? 200 : 422 });
}

function unknown(): PageAnswer {
  return messagePage({ status: 404, title: 'This page does not exist', text: 'Check the address, or ask the sender for a new link.' });
}

function purposeOf({ token }: Found): string {
  return `portal login ${token}`;
}
