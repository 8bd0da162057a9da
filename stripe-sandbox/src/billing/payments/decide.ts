/** Pure: what happens when a card is charged or set up, from the card table, the control API's order and the circumstances. */
import { DECLINES, type Decline, declineFor, type TestCard } from '../../cards/index.ts';
import type { Outcome } from '../../kernel/types.ts';

export type Circumstances = {
  card: TestCard;
  /** The control API's order for this payment, if any. */
  order: Outcome | null;
  /** The customer is not there to authenticate. */
  offSession: boolean;
  /** The customer has just authenticated. */
  authenticated: boolean;
  /** Saved earlier with the customer's authentication. */
  setUp: boolean;
  /** The merchant asked for 3D Secure (`request_three_d_secure` any or challenge); means nothing off-session. */
  requested: boolean;
  errorOnRequiresAction: boolean;
};

/** Values of request_three_d_secure that ask the cardholder whatever the card wants. */
export const ASKED_FOR: readonly unknown[] = ['any', 'challenge'];

export type SetupDecision = Exclude<Attempt, { kind: 'processing' }>;
export type Attempt =
  | { kind: 'succeed' }
  | { kind: 'requires_action' }
  /** `charged`: the bank was asked, so a failed charge is left behind. */
  | { kind: 'decline'; decline: Decline; charged: boolean }
  | { kind: 'processing'; seconds: number; ends: 'succeed' | 'fail' };

const AUTHENTICATION_NOT_WANTED: Decline = {
  ...DECLINES.authentication_required,
  message:
    "This payment required an authentication action to complete, but `error_on_requires_action` was set. When you're ready, you can upgrade your integration to handle actions at https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
  decline_code: null,
};

/** An order of the control API comes first, then authentication, then the card's own answer [S 3.12]. */
export function decideCharge(given: Circumstances): Attempt {
  const { order } = given;
  if (order?.kind === 'decline') return { kind: 'decline', decline: declineFor(order), charged: true };
  if (order?.kind === 'processing') return { kind: 'processing', seconds: order.seconds, ends: order.then };
  if (order?.kind === 'succeed') return { kind: 'succeed' };
  if (given.card.authentication === 'fails') return { kind: 'decline', decline: DECLINES.processing_error, charged: true };
  if (!given.authenticated && wantsAuthentication(given)) return askOrDecline(given);
  const declined = given.card.charge;
  return declined === undefined ? { kind: 'succeed' } : { kind: 'decline', decline: DECLINES[declined], charged: true };
}

/** Saving a card: plain decline cards refuse, cards that authenticate ask now so that later off-session charges need not. */
export function decideSetup(given: Pick<Circumstances, 'card' | 'order' | 'authenticated' | 'requested'>): SetupDecision {
  const { card, order } = given;
  if (order?.kind === 'decline') return { kind: 'decline', decline: declineFor(order), charged: false };
  if (card.authentication === 'fails') return { kind: 'decline', decline: DECLINES.processing_error, charged: false };
  const asks =
    given.requested || order?.kind === 'requires_action' || card.authentication === 'always' || card.authentication === 'unless_set_up';
  if (asks && !given.authenticated) return { kind: 'requires_action' };
  return card.attach === undefined ? { kind: 'succeed' } : { kind: 'decline', decline: DECLINES[card.attach], charged: false };
}

/** A bank account is saved with its owner's mandate alone; only the control API can make it fail. */
export function decideDebitSetup(order: Outcome | null): SetupDecision {
  return order?.kind === 'decline' ? { kind: 'decline', decline: declineFor(order), charged: false } : { kind: 'succeed' };
}

function wantsAuthentication({ card, order, offSession, setUp, requested }: Circumstances): boolean {
  if (requested && !offSession) return true;
  if (order?.kind === 'requires_action' || card.authentication === 'always') return true;
  if (card.authentication === 'none') return false;
  if (!offSession) return true;
  return card.authentication === 'unless_set_up' && !setUp;
}

function askOrDecline({ offSession, errorOnRequiresAction }: Circumstances): Attempt {
  if (offSession) return { kind: 'decline', decline: DECLINES.authentication_required, charged: true };
  if (errorOnRequiresAction) return { kind: 'decline', decline: AUTHENTICATION_NOT_WANTED, charged: false };
  return { kind: 'requires_action' };
}
