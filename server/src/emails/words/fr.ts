import type { Words } from './words.ts';

const UNITS = { day: ['jour', 'jours'], week: ['semaine', 'semaines'], month: ['mois', 'mois'], year: ['an', 'ans'] } as const;

export const fr: Words = {
  interval: (unit, count) => (count === 1 ? UNITS[unit][0] : `${count} ${UNITS[unit][1]}`),
  estimated: 'estimé',
  full: 'total',
  partial: 'partiel',
  refundMethods: { card: 'votre carte', bank: 'votre compte bancaire', balance: 'votre solde' },
  declines: {
    generic: "La banque n'a pas accepté le paiement.",
    insufficient_funds: "Le compte n'est pas suffisamment approvisionné.",
    card_expired: 'La carte a expiré.',
    wrong_number: 'Le numéro de carte est incorrect.',
    wrong_cvc: 'Le code de sécurité est incorrect.',
    wrong_expiry: "La date d'expiration est incorrecte.",
    wrong_postcode: "Le code postal ou l'adresse ne correspond pas à la carte.",
    limit_exceeded: 'Le plafond de la carte est atteint.',
    not_supported: "La carte n'autorise pas ce type d'achat.",
    currency_not_supported: "La carte n'accepte pas cette devise.",
    authentication_required: 'La banque demande une confirmation du paiement.',
    try_again: "La banque n'a pas pu être jointe.",
    call_issuer: "La banque n'a pas accepté le paiement ; elle peut vous en indiquer la raison.",
    card_blocked: 'La carte ne peut pas être utilisée pour le moment.',
    duplicate: 'La banque a considéré ce paiement comme une répétition.',
    account_closed: 'Le compte a été clôturé.',
    no_account: 'La carte ou le compte est introuvable.',
    debit_not_authorized: "Le prélèvement n'a pas été autorisé.",
    mandate_invalid: "Le mandat de prélèvement n'est pas valide.",
    processing_error: "Le paiement n'a pas pu être traité.",
  },
};
