import type { Account, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { isOwnForm, text } from '../../pages/form.ts';
import { redirect } from '../../pages/layout.ts';
import { issueCode } from './code.ts';
import { canBeConnected, consentPage, consentPurpose, NEW_ACCOUNT } from './consent-page.ts';
import { type ConsentKind, type ConsentRequest, readConsentRequest } from './request.ts';

/** POST of the consent page: a code for the chosen account goes back to the platform, or `access_denied`. The grant itself begins with the exchange. */
export function decideConsent(kind: ConsentKind): (rq: PageRequest) => Promise<PageAnswer> {
  return async (rq) => {
    const asked = await readConsentRequest(rq, kind);
    if (!isOwnForm(rq, consentPurpose(asked))) return consentPage(rq, asked, 'This form was out of date. Please decide again.');
    if (text(rq, 'decision') === 'deny') return back(asked, { error: 'access_denied', error_description: 'The user denied your request' });
    if (text(rq, 'decision') !== 'allow') return consentPage(rq, asked, 'Please choose Allow access or Deny.');
    const chosen = await chooseAccount(rq, asked);
    if (typeof chosen === 'string') return consentPage(rq, asked, chosen);
    const code = await rq.transaction(asked.platform.id, (tx) => issueCode(tx, { asked, account: chosen.id }));
    return back(asked, { ...(kind === 'connect' ? { scope: asked.scope } : {}), code });
  };
}

/** The account, or what is wrong with the choice. */
async function chooseAccount(rq: PageRequest, asked: ConsentRequest): Promise<Pick<Account, 'id'> | string> {
  const id = text(rq, 'account');
  if (id === NEW_ACCOUNT) return createChosen(rq, asked);
  const account = (await rq.accounts()).find((other) => other.id === id);
  return account !== undefined && canBeConnected(account) ? account : 'Please choose one of the accounts.';
}

async function createChosen(rq: PageRequest, asked: ConsentRequest): Promise<Pick<Account, 'id'> | string> {
  const name = text(rq, 'business_name');
  if (name === '') return 'Please give the new account a name.';
  const { account } = await rq.transaction(asked.platform.id, (tx) => tx.directory.createAccount({ name }));
  return account;
}

function back(asked: ConsentRequest, answer: Record<string, string>): PageAnswer {
  const url = new URL(asked.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (asked.state !== null) url.searchParams.set('state', asked.state);
  return redirect(url.href);
}
