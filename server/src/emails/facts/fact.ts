/** What a fact is: a typed value that names the object and field it was read from (email.md 6). Nothing else reaches a mail. */

export type FactType = 'string' | 'money' | 'date' | 'integer' | 'percent' | 'url' | 'enum' | 'list';

export type MoneyValue = { amount: bigint; currency: string };
export type DateValue = { at: Temporal.Instant; timeZone: string };

/** The value of a fact, by its type: list values are rows of facts. */
export type FactValue = string | number | MoneyValue | DateValue | FactRow[];
export type FactRow = Record<string, RawFact>;

/** Where a value was read: kind of object, its id, its field, the Stripe event that witnessed it, and when (RFC 3339, machine time). */
export type FactSource = { object: string; id: string; field: string; event_id?: string; read_at: string };

/** A fact before a language was chosen. */
export type RawFact = { path: string; type: FactType; value: FactValue; source: FactSource };

/** A fact as one reader sees it: `display` is the only text of it that can appear in a mail. */
export type Fact = { path: string; type: FactType; value: Exclude<FactValue, FactRow[]> | Fact[][]; display: string; source: FactSource };

export type Guard = 'address_present' | 'not_suppressed' | 'not_expired' | 'subject_current';
export type Exit = 'customer_deleted' | 'subscription_canceled' | 'invoice_settled' | 'cancel_scheduled' | 'date_moved';

/** The mail of Stripe's own that would say the same (email.md 19). */
export type StripeMail = 'receipt' | 'refund_receipt' | 'failed_payment' | 'trial_ending' | 'upcoming_renewal';

export type FieldSpec = {
  type: FactType;
  what: string;
  object: string;
  field: string;
  /** What a person who drafts a template sees in its place; made up, and the same for everybody. */
  sample: SampleValue;
  /** A date that must not have passed when the mail is sent (L6). */
  future?: true;
  /** A date people must act by: its display names the time zone (F4). */
  deadline?: true;
  /** A money amount or integer below zero refuses the mail (L6). */
  notNegative?: true;
  /** The values an enum takes. */
  values?: readonly string[];
  /** The fields of one row of a list. */
  item?: Record<string, FieldSpec>;
};

export type SampleValue =
  | string
  | number
  | { amount: number; currency: string }
  | { days: number }
  | Record<string, string | number | { amount: number; currency: string }>[];

export type FactSchema = Record<string, FieldSpec>;

export type TriggerSpec = {
  trigger: string;
  title: string;
  what: string;
  /** The kind of object the occurrence is about. */
  subject: 'subscription' | 'invoice' | 'payment' | 'refund';
  facts: FactSchema;
  /** Paths without which nothing is sent, whatever the variant. */
  required: readonly string[];
  /** Paths that one variant requires besides. A path of neither kind is optional. */
  requiredIn: Readonly<Record<string, readonly string[]>>;
  guards: readonly Guard[];
  exits: readonly Exit[];
  variants: readonly string[];
  class: 'transactional' | 'marketing' | 'operator';
  overlaps: readonly StripeMail[];
  /** After how many seconds a message is too old to be sent (P12). */
  maxAgeSeconds: number;
  /** Default and bounds of the days before the announced date, for triggers with a lead time. */
  leadDays?: { default: number; min: number; max: number };
};

/** The paths that the variant of a trigger always has: a template may use them without a condition. */
export function requiredPaths(spec: TriggerSpec, variant: string): Set<string> {
  return new Set([...spec.required, ...(spec.requiredIn[variant] ?? [])]);
}
