/** A JSON body with its ids as links. */
import { publicCopy } from '../../kernel/event.ts';
import { type Html, html } from '../html.ts';

/** Stripe's ids as values: a known prefix, an underscore, letters and digits. */
const ID =
  /"((?:acct|bpc|bps|ch|cn|cs_test|cus|di|evt|ii|il|in|inpay|pi|plink|pm|price|prod|promo|py|re|seti|shr|si|sub|sub_sched|txi|txn|txr|we|clock)_[A-Za-z0-9]{8,})"/g;
const SECRETS = new Set(['secret', 'client_secret']);

/** Private keys and secrets are left out. */
export function jsonBlock(doc: unknown): Html {
  const body = JSON.stringify(publicCopy(doc), (key, value) => (SECRETS.has(key) && typeof value === 'string' ? '(hidden)' : value), 2);
  const parts: Html[] = [];
  let from = 0;
  for (const match of body.matchAll(ID)) {
    const id = match[1]!;
    const href = id.startsWith('evt_') ? `/viewer/event/${id}` : `/viewer/object/${id}`;
    parts.push(html`${body.slice(from, match.index)}"<a href="${href}">${id}</a>"`);
    from = match.index + match[0].length;
  }
  return html`<pre tabindex="0">${parts}${body.slice(from)}</pre>`;
}
