/** The page behind a link: it opens a fresh Checkout Session for every visitor. */
import { StripeError } from '../../kernel/errors.ts';
import type { Doc, PageAnswer, PageRequest, Params, Tx } from '../../kernel/types.ts';
import { messagePage, redirect } from '../../pages/layout.ts';
import { reprice } from '../checkout/cart.ts';
import { openSession } from '../checkout/create.ts';
import { findRedeemableCode } from '../promotion-codes/index.ts';

const REFERENCE = /^[\w-]{1,200}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Settings of the link itself, which a session does not know. */
const OF_LINK = ['after_completion', 'inactive_message', 'metadata', 'payment_method_types', 'restrictions', 'shipping_options'];

/** GET /a/{link}: leads on to the new session's page; `prefilled_email`, `prefilled_promo_code` and `client_reference_id` are taken along. */
export async function openPaymentLink(rq: PageRequest): Promise<PageAnswer> {
  const token = await rq.find(rq.path.link ?? '');
  if (token === null || token.doc.object !== 'sandbox.link') return unknown();
  try {
    return await rq.transaction(token.account, async (tx) => {
      const link = await tx.get(token.doc.ref, { object: 'payment_link' });
      if (link === undefined) return unknown();
      if (!link.active) return inactive(link);
      return redirect(`/c/${(await sessionOf(tx, link, rq.query)).id}`);
    });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return messagePage({ status: 409, title: 'This link does not work', text: error.message });
  }
}

async function sessionOf(tx: Tx, link: Doc, query: URLSearchParams): Promise<Doc> {
  const asked: Params = Object.fromEntries(Object.entries(link._asked as Params).filter(([name]) => !OF_LINK.includes(name)));
  const { url = null } = link.after_completion.redirect ?? {};
  const params: Params = {
    ...asked,
    mode: link._mode,
    line_items: link._items,
    metadata: link.metadata,
    success_url: url ?? tx.publicUrl,
    ...(link.shipping_options.length === 0
      ? {}
      : { shipping_options: link.shipping_options.map((one: Params) => ({ shipping_rate: one.shipping_rate })) }),
    ...prefilled(query),
  };
  const session = await openSession(tx, params, {
    payment_link: link.id,
    // Without a redirect the page thanks by itself.
    success_url: url,
    _thanks: link.after_completion.hosted_confirmation?.custom_message ?? null,
  });
  await prefillCode(tx, session, query.get('prefilled_promo_code') ?? '');
  return session;
}

/** As if the buyer had typed it. A code that is not valid is not an error: the page opens without it. */
async function prefillCode(tx: Tx, session: Doc, code: string): Promise<void> {
  if (code === '' || session.allow_promotion_codes !== true) return;
  const { amount_subtotal: amount, currency } = session;
  const found = await findRedeemableCode(tx, { code, customer: null, amount, currency });
  if (found === undefined) return;
  session.discounts = [{ coupon: found.promotion.coupon, promotion_code: found.id }];
  await reprice(tx, session);
}

function prefilled(query: URLSearchParams): Params {
  const email = query.get('prefilled_email') ?? query.get('locked_prefilled_email') ?? '';
  const reference = query.get('client_reference_id') ?? '';
  return {
    ...(EMAIL.test(email) ? { customer_email: email } : {}),
    ...(REFERENCE.test(reference) ? { client_reference_id: reference } : {}),
  };
}

function inactive(link: Doc): PageAnswer {
  return messagePage({
    status: 410,
    title: 'This link is no longer active',
    text: link.inactive_message ?? 'Nothing can be bought here any more. Ask the shop for a new link.',
  });
}

function unknown(): PageAnswer {
  return messagePage({ status: 404, title: 'This link does not exist', text: 'Check the address, or ask the shop for a new link.' });
}
