/** The consent page: who asks for what, for which account, Allow or Deny. */
import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { alert, field, text, tokenField } from '../../pages/form.ts';
import { type Html, html } from '../../pages/html.ts';
import { page } from '../../pages/layout.ts';
import { type ConsentKind, type ConsentRequest, permissionsOf, readConsentRequest } from './request.ts';

/** More accounts than a person can choose from. */
const MAX_ACCOUNTS = 50;
export const NEW_ACCOUNT = 'new';

/** GET of either authorize address. Changes nothing. */
export function showConsent(kind: ConsentKind): (rq: PageRequest) => Promise<PageAnswer> {
  return async (rq) => consentPage(rq, await readConsentRequest(rq, kind), null);
}

/** The page; `error` says why the last try did not count. */
export async function consentPage(rq: PageRequest, asked: ConsentRequest, error: string | null): Promise<PageAnswer> {
  const accounts = (await rq.accounts())
    .filter((account) => account.settings.client_id === undefined)
    .slice(-MAX_ACCOUNTS)
    .reverse();
  const { name } = asked.platform.settings;
  const body = html`
<p>${name} wants to connect to one of your Stripe accounts.</p>
<section class="card" aria-labelledby="asks"><h2 id="asks">What ${name} may do</h2>${grantsOf(asked)}</section>
${alert(error)}
<form method="post" class="card consent">
${tokenField(rq, consentPurpose(asked))}
<fieldset><legend>Account to connect</legend>
${choice({ id: NEW_ACCOUNT, title: 'Create a new account', note: 'An empty test account', chosen: chosenAccount(rq) === NEW_ACCOUNT })}
${accounts.map((account) => choice({ id: account.id, title: account.settings.name, note: account.id, chosen: chosenAccount(rq) === account.id }))}
</fieldset>
${field({ name: 'business_name', label: 'Name of the new account', value: text(rq, 'business_name') || (rq.query.get('stripe_user[business_name]') ?? 'My company'), hint: 'Only used when a new account is created.', maxlength: 100 })}
<div class="actions">
<button name="decision" value="allow">Allow access</button>
<button name="decision" value="deny" class="secondary" formnovalidate>Deny</button>
</div>
</form>
<p class="quiet">You go on to ${new URL(asked.redirectUri).host}. You can take the access away again at any time.</p>`;
  return page({ title: `Connect ${name} to Stripe`, merchant: name, body, leadsTo: asked.redirectUri, status: error === null ? 200 : 400 });
}

/** What the page's form token is bound to. */
export function consentPurpose(asked: ConsentRequest): string {
  return `consent ${asked.kind} ${asked.clientId} ${asked.redirectUri}`;
}

export function canBeConnected(account: Account): boolean {
  return account.settings.client_id === undefined;
}

function chosenAccount(rq: PageRequest): string {
  return text(rq, 'account') || NEW_ACCOUNT;
}

const CONNECT_GRANTS = {
  read_only: ['Read your account, customers, subscriptions, invoices, payments and events', 'Change nothing'],
  read_write: [
    'Read your account, customers, subscriptions, invoices, payments and events',
    'Create and change customers, products, subscriptions and invoices',
    'Take payments and refund them',
    'Register webhook endpoints',
  ],
};

function grantsOf(asked: ConsentRequest): Html {
  if (asked.scope !== 'stripe_apps') {
    return html`<ul class="ticks">${CONNECT_GRANTS[asked.scope].map((line) => html`<li>${line}</li>`)}</ul><p class="hint">Scope: <code>${asked.scope}</code></p>`;
  }
  return html`<ul class="ticks">${permissionLines(permissionsOf(asked.platform)).map((line) => html`<li>${line}</li>`)}</ul><p class="hint">Scope: <code>stripe_apps</code></p>`;
}

/** `rak_customer_read`, `rak_customer_write` → `Customer: read, write`. */
function permissionLines(permissions: string[]): string[] {
  const byResource = new Map<string, string[]>();
  for (const permission of permissions) {
    const [, resource = permission, verb = ''] = /^(?:rak_)?(.+)_(read|write)$/.exec(permission) ?? [];
    byResource.set(resource, [...(byResource.get(resource) ?? []), verb]);
  }
  return [...byResource].map(([resource, verbs]) => {
    const name = resource.replaceAll('_', ' ');
    return `${name[0]!.toUpperCase()}${name.slice(1)}${verbs[0] === '' ? '' : `: ${verbs.join(', ')}`}`;
  });
}

function choice(input: { id: string; title: string; note: string; chosen: boolean }): Html {
  return html`<label class="choice"><input type="radio" name="account" value="${input.id}"${input.chosen ? html` checked` : null}><span><strong>${input.title}</strong><small>${input.note}</small></span></label>`;
}
