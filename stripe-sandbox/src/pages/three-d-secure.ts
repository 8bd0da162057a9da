/** The bank's page: the cardholder proves who they are, fails to, or closes the window. */
import { completeAuthentication } from '../billing/payments/index.ts';
import type { Doc, PageAnswer, PageRequest } from '../kernel/types.ts';
import { alert, isOwnForm, text, tokenField } from './form.ts';
import { money } from './format.ts';
import { html } from './html.ts';
import { httpUrl, messagePage, page, redirect } from './layout.ts';

type Asked = { account: string; merchant: string; intent: Doc };

/** GET /3ds/{intent}?client_secret=…: asks for the decision while the intent waits for it. */
export async function showAuthentication(rq: PageRequest): Promise<PageAnswer> {
  const asked = await load(rq);
  if (asked === null) return unknown();
  return asked.intent.status === 'requires_action' ? askPage(rq, asked, null) : overPage(asked.intent);
}

/** POST: `complete` charges or saves the card, `fail` refuses it, `close` changes nothing; all go back where the payment came from. */
export async function decideAuthentication(rq: PageRequest): Promise<PageAnswer> {
  const asked = await load(rq);
  if (asked === null) return unknown();
  const { intent, account } = asked;
  if (intent.status !== 'requires_action') return overPage(intent);
  if (!isOwnForm(rq, purposeOf(intent))) return askPage(rq, asked, 'This page was out of date. Please decide again.');
  const returnUrl: string | null = intent.next_action?.redirect_to_url?.return_url ?? null;
  const decision = text(rq, 'decision');
  if (decision === 'complete' || decision === 'fail') {
    await rq.transaction(account, async (tx) => {
      const current = await tx.require(intent.object, intent.id);
      if (current.status === 'requires_action') await completeAuthentication(tx, { intent: current, succeed: decision === 'complete' });
    });
  }
  const after = (await rq.find(intent.id))?.doc ?? intent;
  return returnUrl === null ? resultPage(after) : redirect(withOutcome(returnUrl, after));
}

/** The intent of the address, if the secret is its own. */
async function load(rq: PageRequest): Promise<Asked | null> {
  const found = await rq.find(rq.path.intent ?? '');
  if (found === null || !['payment_intent', 'setup_intent'].includes(found.doc.object)) return null;
  if (rq.query.get('client_secret') !== found.doc.client_secret) return null;
  const merchant = (await rq.accounts()).find((account) => account.id === found.account)?.settings.name ?? 'the shop';
  return { account: found.account, merchant, intent: found.doc };
}

function askPage(rq: PageRequest, { merchant, intent }: Asked, error: string | null): PageAnswer {
  const returnUrl: string | null = intent.next_action?.redirect_to_url?.return_url ?? null;
  const what = intent.object === 'setup_intent' ? 'Saving a card for later payments' : money(intent.amount, intent.currency);
  const body = html`${alert(error)}
<div class="card"><dl class="facts"><dt>Shop</dt><dd>${merchant}</dd><dt>${intent.object === 'setup_intent' ? 'What for' : 'Amount'}</dt><dd>${what}</dd></dl>
<p>A real bank would ask for a code or a fingerprint here. In the Sandbox you decide how it ends.</p>
<form method="post">${tokenField(rq, purposeOf(intent))}
<div class="actions stack">
<button name="decision" value="complete">Complete authentication</button>
<button name="decision" value="fail" class="secondary">Fail authentication</button>
<button name="decision" value="close" class="secondary">Close</button>
</div></form></div>`;
  return page({ title: 'Confirm it is you', merchant, body, leadsTo: returnUrl, status: error === null ? 200 : 400 });
}

/** As Stripe comes back: the intent, its secret and how it went. */
function withOutcome(returnUrl: string, intent: Doc): string {
  const url = httpUrl(returnUrl);
  if (url === null) return returnUrl;
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  url.searchParams.set(
    'redirect_status',
    intent.status === 'requires_payment_method' ? 'failed' : intent.status === 'requires_action' ? 'pending' : 'succeeded',
  );
  return url.href;
}

function resultPage(intent: Doc): PageAnswer {
  const failed = intent.status === 'requires_payment_method';
  const waiting = intent.status === 'requires_action';
  const title = waiting ? 'Nothing was decided' : failed ? 'Authentication failed' : 'Authentication complete';
  return messagePage({ status: 200, title, text: 'You can close this page and go back to the shop.' });
}

function overPage(intent: Doc): PageAnswer {
  return messagePage({
    status: 409,
    title: 'Nothing to confirm',
    text: `This payment is ${String(intent.status).replaceAll('_', ' ')}. You can close this page.`,
  });
}

function unknown(): PageAnswer {
  return messagePage({ status: 404, title: 'This page does not exist', text: 'Check the address, or start the payment again.' });
}

function purposeOf(intent: Doc): string {
  return `authenticate ${intent.id}`;
}
