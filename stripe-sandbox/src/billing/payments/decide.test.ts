import { expect, test } from 'vitest';
import { cardByToken, type TestCard } from '../../cards/index.ts';
import { type Circumstances, decideCharge, decideSetup } from './decide.ts';

function given(token: string, more: Partial<Circumstances> = {}): Circumstances {
  const card = cardByToken(token) as TestCard;
  return {
    card,
    order: null,
    offSession: false,
    authenticated: false,
    setUp: false,
    requested: false,
    errorOnRequiresAction: false,
    ...more,
  };
}

const kindOf = (token: string, more: Partial<Circumstances> = {}): string => {
  const attempt = decideCharge(given(token, more));
  return attempt.kind === 'decline' ? (attempt.decline.decline_code ?? attempt.decline.code) : attempt.kind;
};

/** Rows: token; then on-session, off-session, off-session after set-up, after authentication. */
test.each([
  ['pm_card_visa', 'succeed', 'succeed', 'succeed', 'succeed'],
  ['pm_card_chargeCustomerFail', 'generic_decline', 'generic_decline', 'generic_decline', 'generic_decline'],
  ['pm_card_authenticationRequiredOnSetup', 'requires_action', 'authentication_required', 'succeed', 'succeed'],
  ['pm_card_authenticationRequired', 'requires_action', 'authentication_required', 'authentication_required', 'succeed'],
  ['pm_card_authenticationRequiredSetupForOffSession', 'requires_action', 'succeed', 'succeed', 'succeed'],
  [
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    'requires_action',
    'authentication_required',
    'insufficient_funds',
    'insufficient_funds',
  ],
  [
    'pm_card_threeDSecureRequiredChargeDeclined',
    'requires_action',
    'authentication_required',
    'authentication_required',
    'generic_decline',
  ],
])(
  '[S 3.12] %s: %s on-session, %s off-session, %s once set up, %s once authenticated',
  (token, onSession, offSession, setUp, authenticated) => {
    expect(kindOf(token)).toBe(onSession);
    expect(kindOf(token, { offSession: true })).toBe(offSession);
    expect(kindOf(token, { offSession: true, setUp: true })).toBe(setUp);
    expect(kindOf(token, { authenticated: true })).toBe(authenticated);
  },
);

test('an order of the control API comes before the card', () => {
  expect(kindOf('pm_card_chargeCustomerFail', { order: { kind: 'succeed' } })).toBe('succeed');
  expect(kindOf('pm_card_visa', { order: { kind: 'decline', code: 'expired_card' } })).toBe('expired_card');
  expect(kindOf('pm_card_visa', { order: { kind: 'requires_action' } })).toBe('requires_action');
  expect(kindOf('pm_card_visa', { order: { kind: 'requires_action' }, offSession: true })).toBe('authentication_required');
  expect(kindOf('pm_card_visa', { order: { kind: 'refund_fails' } })).toBe('succeed');
});

test('the merchant may ask for authentication of any card, while the customer is there', () => {
  expect(kindOf('pm_card_visa', { requested: true })).toBe('requires_action');
  expect(kindOf('pm_card_visa', { requested: true, authenticated: true })).toBe('succeed');
  expect(kindOf('pm_card_visa', { requested: true, offSession: true })).toBe('succeed');
});

test('error_on_requires_action declines without asking the bank', () => {
  const attempt = decideCharge(given('pm_card_authenticationRequired', { errorOnRequiresAction: true }));
  expect(attempt).toMatchObject({ kind: 'decline', charged: false, decline: { code: 'authentication_required' } });
});

test('[S 3.12] saving a card: good cards, 0341 and 0446 at once, 3DS cards ask, decline cards refuse', () => {
  const setup = (token: string, authenticated = false) =>
    decideSetup({ card: cardByToken(token) as TestCard, order: null, authenticated, requested: false }).kind;
  expect(setup('pm_card_visa')).toBe('succeed');
  expect(setup('pm_card_chargeCustomerFail')).toBe('succeed');
  expect(setup('pm_card_authenticationRequiredSetupForOffSession')).toBe('succeed');
  expect(setup('pm_card_authenticationRequiredOnSetup')).toBe('requires_action');
  expect(setup('pm_card_authenticationRequiredOnSetup', true)).toBe('succeed');
  expect(setup('pm_card_chargeDeclined')).toBe('decline');
});
