/** Fjord Analytics: two products, four plans, twelve customers. Amounts in US cents. */
export const PRODUCTS = {
  analytics: { name: 'Fjord Analytics', description: 'Dashboards for small teams' },
  alerts: { name: 'Fjord Alerts', description: 'A message when a number leaves its range' },
} as const;
export type ProductKey = keyof typeof PRODUCTS;

export const PLANS = {
  starter: { product: 'analytics', name: 'Starter', amount: 1900, interval: 'month' },
  team: { product: 'analytics', name: 'Team', amount: 7900, interval: 'month' },
  teamYearly: { product: 'analytics', name: 'Team, yearly', amount: 79_000, interval: 'year' },
  alerts: { product: 'alerts', name: 'Alerts', amount: 900, interval: 'month' },
} as const satisfies Record<string, { product: ProductKey; name: string; amount: number; interval: 'month' | 'year' }>;
export type PlanKey = keyof typeof PLANS;

export const PEOPLE = {
  ada: { name: 'Ada Okafor', email: 'ada@okafor.example', country: 'GB', city: 'Leeds' },
  ben: { name: 'Ben Sato', email: 'ben@sato.example', country: 'US', city: 'Portland' },
  clara: { name: 'Clara Novak', email: 'clara@novak.example', country: 'CZ', city: 'Brno' },
  dmitri: { name: 'Dmitri Petrov', email: 'dmitri@petrov.example', country: 'BG', city: 'Varna' },
  elif: { name: 'Elif Demir', email: 'elif@demir.example', country: 'TR', city: 'Izmir' },
  farid: { name: 'Farid Haddad', email: 'farid@haddad.example', country: 'FR', city: 'Lyon' },
  greta: { name: 'Greta Lund', email: 'greta@lund.example', country: 'SE', city: 'Malmö' },
  hugo: { name: 'Hugo Martin', email: 'hugo@martin.example', country: 'CA', city: 'Montréal' },
  ines: { name: 'Inês Costa', email: 'ines@costa.example', country: 'PT', city: 'Porto' },
  jonas: { name: 'Jonas Weber', email: 'jonas@weber.example', country: 'DE', city: 'Leipzig' },
  kaya: { name: 'Kaya Singh', email: 'kaya@singh.example', country: 'IN', city: 'Pune' },
  liam: { name: 'Liam Walsh', email: 'liam@walsh.example', country: 'IE', city: 'Cork' },
} as const;
export type PersonKey = keyof typeof PEOPLE;

/** Stripe's test cards: one that pays, and one that is saved and then declines every charge. */
export const GOOD_CARD = 'pm_card_visa';
export const DECLINING_CARD = 'pm_card_chargeCustomerFail';
