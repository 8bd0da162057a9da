import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { type CardEntry, cardEntry, cardFields, cardPicker, type Errors } from '../../../pages/card-form.ts';
import { alert, field, text, tokenField } from '../../../pages/form.ts';
import { money } from '../../../pages/format.ts';
import { html } from '../../../pages/html.ts';
import { page } from '../../../pages/layout.ts';
import { wantsCard } from '../pay.ts';
import { loadSession, notFound, overPage, purposeOf, type Shown } from './load.ts';
import { summary } from './summary.ts';

/** GET /c/{session}: the form while the session is open, else what became of it. */
export async function showCheckout(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  return shown.session.status === 'open' ? checkoutForm(rq, shown, {}) : overPage(shown);
}

export type FormState = { errors?: Errors; message?: string | null; promoError?: string; status?: number };

/** The page with what was typed so far. */
export function checkoutForm(rq: PageRequest, shown: Shown, state: FormState): PageAnswer {
  const { session, merchant, saved } = shown;
  const errors = state.errors ?? {};
  const who = known(rq, shown);
  const body = html`<div class="columns">
${summary(rq, session, state.promoError)}
<form method="post" action="/c/${session.id}" class="card" novalidate>
${alert(state.message)}
${tokenField(rq, purposeOf(session))}
${field({ name: 'email', label: 'E-mail', type: 'email', value: who.email, error: errors.email, autocomplete: 'email', required: true })}
${field({ name: 'name', label: 'Name on card', value: who.name, error: errors.name, autocomplete: 'name', required: true })}
${wantsCard(session) ? cardFields({ entry: entryOf(rq, shown), saved, errors }) : null}
<button name="action" value="pay" class="block">${buttonLabel(shown)}</button>
${wantsCard(session) ? cardPicker() : null}
</form></div>
${session.cancel_url === null ? null : html`<p><a href="${session.cancel_url}">Cancel and go back to ${merchant}</a></p>`}`;
  const title = { setup: 'Save your card', subscription: `Subscribe to ${merchant}`, payment: `Pay ${merchant}` }[session.mode as 'setup'];
  return page({ title, merchant, body, width: 'wide', status: state.status ?? 200 });
}

function entryOf(rq: PageRequest, { saved }: Shown): CardEntry {
  return cardEntry(rq, saved);
}

function known(rq: PageRequest, { session, customer }: Shown): { email: string; name: string } {
  const before = session._buyer ?? {};
  return {
    email: rq.method === 'POST' ? text(rq, 'email') : (before.email ?? customer?.email ?? session.customer_email ?? ''),
    name: rq.method === 'POST' ? text(rq, 'name') : (before.name ?? customer?.name ?? ''),
  };
}

function buttonLabel({ session }: Shown): string {
  if (session.mode === 'setup') return 'Save card';
  if (session.mode === 'subscription') return session.amount_total === 0 ? 'Start trial' : 'Subscribe';
  return `Pay ${money(session.amount_total, session.currency)}`;
}
