/** What every page of the portal has: the way back, the merchant's words, its small print, and forms that carry their token. */
import type { Doc, PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { alert, tokenField } from '../../../pages/form.ts';
import { type Html, html } from '../../../pages/html.ts';
import { page } from '../../../pages/layout.ts';
import { openFlow, purposeOf, type Shown } from './load.ts';

/** Not of the portal itself: what the last try was answered. */
export type Said = { message?: string | null; status?: number };

/** `task`: a page of its own below the home page. */
export function portalFrame(shown: Shown, input: { title: string; body: Html; task?: boolean } & Said): PageAnswer {
  const { session, merchant, profile } = shown;
  const flow = openFlow(shown);
  const home = `/p/${session.id}`;
  const back =
    input.task === true && flow === null
      ? { href: home, label: 'Billing' }
      : session.return_url === null
        ? null
        : { href: session.return_url as string, label: `Back to ${merchant}` };
  const links = [
    [profile.terms_of_service_url, 'Terms of service'],
    [profile.privacy_policy_url, 'Privacy policy'],
  ] as const;
  const body = html`${alert(input.message)}${input.body}
<p class="small-print">${links.map(([href, label]) => (href === null ? null : html`<a href="${href}">${label}</a> `))}</p>`;
  return page({
    title: input.title,
    merchant,
    body,
    back,
    width: 'medium',
    status: input.status ?? 200,
    leadsTo: session.flow?.after_completion.redirect?.return_url ?? null,
  });
}

/** A form of the home page: one action, back to the same page. */
export function actionForm(rq: PageRequest, { session }: Shown, action: string, inner: Html): Html {
  return html`<form method="post" action="/p/${session.id}" novalidate>${tokenField(rq, purposeOf(session))}<input type="hidden" name="action" value="${action}">${inner}</form>`;
}

/** The address of a task about a subscription. */
export function taskPath({ session }: Shown, subscription: Doc, task: 'cancel' | 'update' | 'pause'): string {
  return `/p/${session.id}/${task}/${subscription.id}`;
}
