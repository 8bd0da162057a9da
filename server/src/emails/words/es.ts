import type { Words } from './words.ts';

const UNITS = { day: ['día', 'días'], week: ['semana', 'semanas'], month: ['mes', 'meses'], year: ['año', 'años'] } as const;

export const es: Words = {
  interval: (unit, count) => (count === 1 ? UNITS[unit][0] : `${count} ${UNITS[unit][1]}`),
  estimated: 'estimado',
  full: 'total',
  partial: 'parcial',
  refundMethods: { card: 'su tarjeta', bank: 'su cuenta bancaria', balance: 'su saldo' },
  declines: {
    generic: 'El banco no aceptó el pago.',
    insufficient_funds: 'La cuenta no tiene fondos suficientes.',
    card_expired: 'La tarjeta ha caducado.',
    wrong_number: 'El número de la tarjeta no es correcto.',
    wrong_cvc: 'El código de seguridad no es correcto.',
    wrong_expiry: 'La fecha de caducidad no es correcta.',
    wrong_postcode: 'El código postal o la dirección no coincide con la tarjeta.',
    limit_exceeded: 'Se alcanzó el límite de la tarjeta.',
    not_supported: 'La tarjeta no admite este tipo de compra.',
    currency_not_supported: 'La tarjeta no admite esta moneda.',
    authentication_required: 'El banco pide una confirmación del pago.',
    try_again: 'No se pudo contactar con el banco.',
    call_issuer: 'El banco no aceptó el pago y puede indicarle el motivo.',
    card_blocked: 'La tarjeta no se puede usar en este momento.',
    duplicate: 'El banco consideró que el pago estaba repetido.',
    account_closed: 'La cuenta está cerrada.',
    no_account: 'No se encontró la tarjeta o la cuenta.',
    debit_not_authorized: 'El adeudo no fue autorizado.',
    mandate_invalid: 'El mandato de adeudo no es válido.',
    processing_error: 'No se pudo procesar el pago.',
  },
};
