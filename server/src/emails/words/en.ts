import type { Words } from './words.ts';

const UNITS = { day: ['day', 'days'], week: ['week', 'weeks'], month: ['month', 'months'], year: ['year', 'years'] } as const;

export const en: Words = {
  interval: (unit, count) => (count === 1 ? UNITS[unit][0] : `${count} ${UNITS[unit][1]}`),
  estimated: 'estimated',
  full: 'full',
  partial: 'partial',
  refundMethods: { card: 'your card', bank: 'your bank account', balance: 'your balance' },
  declines: {
    generic: 'The bank did not accept the payment.',
    insufficient_funds: 'The account does not have enough funds.',
    card_expired: 'The card has expired.',
    wrong_number: 'The card number is not correct.',
    wrong_cvc: 'The security code is not correct.',
    wrong_expiry: 'The expiry date is not correct.',
    wrong_postcode: 'The postal code or address does not match the card.',
    limit_exceeded: "The card's limit was reached.",
    not_supported: 'The card does not support this kind of purchase.',
    currency_not_supported: 'The card does not support this currency.',
    authentication_required: 'The bank asks for a confirmation of the payment.',
    try_again: 'The bank could not be reached.',
    call_issuer: 'The bank did not accept the payment; it can tell you why.',
    card_blocked: 'The card cannot be used at the moment.',
    duplicate: 'The bank took the payment for a repeated one.',
    account_closed: 'The account was closed.',
    no_account: 'The card or account was not found.',
    debit_not_authorized: 'The account holder did not authorize the debit.',
    mandate_invalid: 'The permission to debit the account is not valid.',
    processing_error: 'The payment could not be processed.',
  },
};
