import { resolveCard } from '../../billing/payments/index.ts';
import { cardByToken, fingerprintOf, type TestCard } from '../../cards/index.ts';
import { parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import { brandName } from '../sources/card.ts';

/** A single-use token for a test card. Throws a 402 for numbers outside the card table. */
export async function createToken(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.card === undefined || typeof params.card === 'string') throw parameterMissing('card');
  const { card, expiry } = await resolveCard(tx, { card: params.card });
  const token = tokenOf(tx, card, expiry);
  tx.put(token);
  return token;
}

/** A stored token, or what a shared one (`tok_visa`) looks like. */
export async function retrieveToken(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  if (cardByToken(id) === undefined) return rq.tx.require('token', id);
  const { card, expiry } = await resolveCard(rq.tx, { card: { token: id } });
  return { ...tokenOf(rq.tx, card, expiry), id };
}

function tokenOf(tx: Tx, card: TestCard, expiry: { month: number; year: number }): Doc {
  const face = tx.make('card', 'card', {
    brand: brandName(card.brand),
    country: card.country,
    cvc_check: 'unchecked',
    exp_month: expiry.month,
    exp_year: expiry.year,
    fingerprint: fingerprintOf(card),
    funding: card.funding,
    last4: card.number.slice(-4),
    networks: { preferred: null },
    regulated_status: 'unregulated',
  });
  const { created: _created, ...shown } = face;
  return tx.make('token', 'tok', { card: shown, type: 'card', used: false, client_ip: null, _card: card.name });
}
