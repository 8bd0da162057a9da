import type { Words } from './words.ts';

const UNITS = { day: ['Tag', 'Tage'], week: ['Woche', 'Wochen'], month: ['Monat', 'Monate'], year: ['Jahr', 'Jahre'] } as const;

export const de: Words = {
  interval: (unit, count) => (count === 1 ? UNITS[unit][0] : `${count} ${UNITS[unit][1]}`),
  estimated: 'geschätzt',
  full: 'vollständig',
  partial: 'teilweise',
  refundMethods: { card: 'Ihre Karte', bank: 'Ihr Bankkonto', balance: 'Ihr Guthaben' },
  declines: {
    generic: 'Die Bank hat die Zahlung nicht angenommen.',
    insufficient_funds: 'Das Konto ist nicht ausreichend gedeckt.',
    card_expired: 'Die Karte ist abgelaufen.',
    wrong_number: 'Die Kartennummer ist nicht richtig.',
    wrong_cvc: 'Der Sicherheitscode ist nicht richtig.',
    wrong_expiry: 'Das Ablaufdatum ist nicht richtig.',
    wrong_postcode: 'Postleitzahl oder Anschrift passen nicht zur Karte.',
    limit_exceeded: 'Das Limit der Karte ist erreicht.',
    not_supported: 'Die Karte lässt diese Art von Kauf nicht zu.',
    currency_not_supported: 'Die Karte unterstützt diese Währung nicht.',
    authentication_required: 'Die Bank verlangt eine Bestätigung der Zahlung.',
    try_again: 'Die Bank war nicht erreichbar.',
    call_issuer: 'Die Bank hat die Zahlung nicht angenommen und kann Ihnen den Grund nennen.',
    card_blocked: 'Die Karte kann zurzeit nicht verwendet werden.',
    duplicate: 'Die Bank hielt die Zahlung für eine Wiederholung.',
    account_closed: 'Das Konto wurde geschlossen.',
    no_account: 'Die Karte oder das Konto wurde nicht gefunden.',
    debit_not_authorized: 'Die Lastschrift wurde nicht genehmigt.',
    mandate_invalid: 'Das Lastschriftmandat ist nicht gültig.',
    processing_error: 'Die Zahlung konnte nicht verarbeitet werden.',
  },
};
