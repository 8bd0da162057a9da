/** Pure rules about kinds of payment methods: what an intent takes, and what may be asked of each kind. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardByToken } from '../../cards/index.ts';
import type { Doc, Params } from '../../kernel/types.ts';
import { decideCharge, decideDebitSetup, decideSetup } from './decide.ts';
import { capturesLater, futureUsage, mergeOptions, PAYMENT_OPTIONS, SETUP_OPTIONS } from './method-options.ts';
import { methodTypesFor, requireAllowedType } from './method-types.ts';

const method = (type: string): Doc => ({ id: 'pm_1', object: 'payment_method', created: 0, type });
const intent = (fields: Params): Doc => ({ id: 'pi_1', object: 'payment_intent', created: 0, setup_future_usage: null, ...fields });

describe('the kinds an intent takes', () => {
  test('what was asked for, less what was excluded; else cards, and debits in euros', () => {
    expect(methodTypesFor('usd')).toEqual(['card']);
    expect(methodTypesFor('eur')).toEqual(['card', 'sepa_debit']);
    expect(methodTypesFor('eur', { excluded_payment_method_types: ['card'] })).toEqual(['sepa_debit']);
    expect(methodTypesFor('eur', { allowed_payment_method_types: ['sepa_debit'] })).toEqual(['sepa_debit']);
    expect(methodTypesFor('usd', { allowed_payment_method_types: ['card', 'link'] })).toEqual(['card', 'link']);
    expect(() => methodTypesFor('usd', { allowed_payment_method_types: ['card', 'sepa_debit'] })).toThrow('only supports the following');
  });

  test('whatever is allowed and excluded: nothing excluded is taken, nothing is invented', () => {
    const kinds = fc.subarray(['card', 'sepa_debit', 'link', 'klarna']);
    fc.assert(
      fc.property(fc.option(kinds), kinds, (allowed, excluded) => {
        const taken = methodTypesFor('eur', { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded });
        expect(taken.filter((type) => excluded.includes(type))).toEqual([]);
        const offered = allowed ?? ['card', 'sepa_debit'];
        expect(taken).toEqual(offered.filter((type) => !excluded.includes(type)));
      }),
    );
  });

  test('a method of another kind is refused; a setup without a list takes any', () => {
    const cards = intent({ currency: 'eur', payment_method_types: ['card'] });
    expect(() => requireAllowedType(cards, method('card'))).not.toThrow();
    expect(() => requireAllowedType(cards, method('sepa_debit'))).toThrow('(sepa_debit) is not allowed for this PaymentIntent');
    const dollars = intent({ currency: 'usd', payment_method_types: ['card'] });
    expect(() => requireAllowedType(dollars, method('sepa_debit'))).toThrow('The currency provided (usd) is invalid');
    const setup: Doc = { ...intent({ payment_method_types: ['card'] }), object: 'setup_intent' };
    expect(() => requireAllowedType(setup, method('sepa_debit'))).not.toThrow();
    const listed = { ...setup, allowed_payment_method_types: ['card'] };
    expect(() => requireAllowedType(listed, method('sepa_debit'))).toThrow('not allowed for this SetupIntent');
  });
});

describe('what may be asked of a kind', () => {
  const card = { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' };

  test('only what was sent changes, the empty string unsets', () => {
    const asked = mergeOptions({ card }, { card: { request_three_d_secure: 'any', setup_future_usage: 'off_session' } }, PAYMENT_OPTIONS);
    expect(asked.card).toEqual({ ...card, request_three_d_secure: 'any', setup_future_usage: 'off_session' });
    const cleared = mergeOptions(asked, { card: { setup_future_usage: '', network: '' } }, PAYMENT_OPTIONS);
    expect(cleared.card).toEqual({ ...card, request_three_d_secure: 'any' });
    expect(mergeOptions({ card }, {}, PAYMENT_OPTIONS)).toEqual({ card });
    expect(mergeOptions({ card }, { sepa_debit: { mandate_options: { reference_prefix: 'AC' } } }, SETUP_OPTIONS)).toEqual({
      card,
      sepa_debit: { mandate_options: { reference_prefix: 'AC' } },
    });
  });

  test('kinds and options without behaviour are refused by name', () => {
    const refused =
      (given: Params, known = PAYMENT_OPTIONS) =>
      () =>
        mergeOptions({ card }, given, known);
    expect(refused({ klarna: { preferred_locale: 'de-DE' } })).toThrow('payment_method_options[klarna] is not emulated');
    expect(refused({ card: { moto: true } })).toThrow('payment_method_options[card][moto] is not emulated');
    expect(refused({ card: { capture_method: 'manual' } }, SETUP_OPTIONS)).toThrow('[capture_method] is not emulated');
    expect(refused({ sepa_debit: { target_date: '2026-02-01' } })).toThrow('[target_date] is not emulated');
  });

  test('the wish for a kind comes before the wish for the intent', () => {
    const of = (own: Params, whole: string | null) =>
      futureUsage(intent({ setup_future_usage: whole, payment_method_options: { card: own } }), method('card'));
    expect(of({}, null)).toBeNull();
    expect(of({}, 'on_session')).toBe('on_session');
    expect(of({ setup_future_usage: 'off_session' }, 'on_session')).toBe('off_session');
    expect(of({ setup_future_usage: 'none' }, 'off_session')).toBeNull();
    const held = intent({ capture_method: 'automatic', payment_method_options: { card: { capture_method: 'manual' } } });
    expect([capturesLater(held, method('card')), capturesLater(held, method('sepa_debit'))]).toEqual([true, false]);
    expect(capturesLater(intent({ capture_method: 'manual' }), method('card'))).toBe(true);
  });
});

describe('cards whose 3D Secure breaks, and debits', () => {
  const broken = cardByToken('pm_card_threeDSecureRequiredProcessingError')!;
  const base = { card: broken, order: null, authenticated: false, requested: false };

  test('are declined before anybody is asked; an order of the control API still comes first', () => {
    const charge = { ...base, offSession: false, setUp: false, errorOnRequiresAction: false };
    expect(decideCharge(charge)).toMatchObject({ kind: 'decline', charged: true, decline: { code: 'processing_error' } });
    expect(decideCharge({ ...charge, offSession: true })).toMatchObject({ kind: 'decline' });
    expect(decideCharge({ ...charge, order: { kind: 'succeed' } })).toEqual({ kind: 'succeed' });
    expect(decideSetup(base)).toMatchObject({ kind: 'decline', charged: false, decline: { code: 'processing_error' } });
  });

  test('a bank account is saved unless the control API says no', () => {
    expect(decideDebitSetup(null)).toEqual({ kind: 'succeed' });
    expect(decideDebitSetup({ kind: 'requires_action' })).toEqual({ kind: 'succeed' });
    expect(decideDebitSetup({ kind: 'decline', code: 'debit_not_authorized' })).toMatchObject({
      kind: 'decline',
      decline: { code: 'debit_not_authorized' },
    });
  });

  test('a setup asks for 3D Secure when the merchant wants it, once', () => {
    const visa = { ...base, card: cardByToken('pm_card_visa')!, requested: true };
    expect(decideSetup(visa).kind).toBe('requires_action');
    expect(decideSetup({ ...visa, authenticated: true }).kind).toBe('succeed');
  });
});
