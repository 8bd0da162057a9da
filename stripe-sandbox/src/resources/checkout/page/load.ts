import type { Doc, PageAnswer, PageRequest, Tx } from '../../../kernel/types.ts';
import { savedCards } from '../../../pages/card-form.ts';
import { messagePage } from '../../../pages/layout.ts';

export type Shown = {
  account: string;
  merchant: string;
  /** Of the account: what address forms begin with. */
  country: string;
  session: Doc;
  customer: Doc | null;
  saved: Doc[];
};

/** The session of the address with what its page shows; null when there is none. */
export async function loadSession(rq: PageRequest): Promise<Shown | null> {
  const found = await rq.find(rq.path.session ?? '');
  if (found === null || found.doc.object !== 'checkout.session') return null;
  return rq.transaction(found.account, async (tx) => {
    const session = await tx.require('checkout.session', found.doc.id);
    const customer = session.customer === null ? null : ((await tx.get(session.customer, { object: 'customer' })) ?? null);
    const { name: merchant, country } = tx.account.settings;
    return { account: found.account, merchant, country, session, customer, saved: await shownCards(tx, session, customer) };
  });
}

/** Saved cards, as far as the session wants to show them. */
async function shownCards(tx: Tx, session: Doc, customer: Doc | null): Promise<Doc[]> {
  const wanted: string[] | null = session._data.redisplay;
  const cards = await savedCards(tx, customer);
  return wanted === null ? cards : cards.filter((card) => wanted.includes(card.allow_redisplay ?? 'unspecified'));
}

export function notFound(): PageAnswer {
  return messagePage({ status: 404, title: 'This checkout does not exist', text: 'Check the address, or ask the shop for a new link.' });
}

/** What a session that is over shows. */
export function overPage({ session, merchant }: Shown): PageAnswer {
  const again: string | null = session.after_expiration?.recovery?.url ?? null;
  const link =
    again !== null
      ? { href: again, label: 'Start again' }
      : session.cancel_url === null
        ? null
        : { href: session.cancel_url, label: `Back to ${merchant}` };
  return session.status === 'expired'
    ? messagePage({ status: 410, title: 'This checkout has expired', text: 'Nothing was charged. Ask the shop for a new link.', link })
    : messagePage({
        status: 200,
        title: 'All done',
        text: 'This checkout was completed already.',
        link: { href: `/c/${session.id}/done`, label: `Continue to ${merchant}` },
      });
}

export function purposeOf(session: Doc): string {
  return `checkout ${session.id}`;
}
