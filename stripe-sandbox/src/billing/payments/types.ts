/**
 * What the payment verbs take and give. Everything runs in the caller's transaction; amounts are integers in the currency's smallest unit.
 * A refused payment is a value (`error`), never thrown, so that invoices and timers can go on; a handler that answers an API call throws it.
 */
import type { StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, PaymentOutcome } from '../../kernel/types.ts';

export type CreatePaymentIntentInput = {
  /** Smallest unit; checked against Stripe's minimum and maximum. */
  amount: number;
  currency: string;
  customer?: Doc | null;
  /** Id (`pm_…`) or shared token (`pm_card_visa`, which becomes a fresh payment method). */
  paymentMethod?: string | null;
  captureMethod?: 'automatic' | 'automatic_async' | 'manual';
  setupFutureUsage?: 'off_session' | 'on_session' | null;
  /** Default `['card']`. */
  paymentMethodTypes?: string[];
  automaticPaymentMethods?: { enabled: boolean; allow_redirects?: 'always' | 'never' } | null;
  description?: string | null;
  metadata?: Record<string, string>;
  receiptEmail?: string | null;
  /** Any further PaymentIntent fields, stored as given (shipping, statement_descriptor, payment_details …). */
  fields?: Params;
};

export type ConfirmPaymentIntentInput = {
  intent: Doc;
  /** Replaces the intent's payment method first: id or shared token. Without one the intent's own is used. */
  paymentMethod?: string | null;
  /** The customer is not there: a card that wants authentication is declined (`authentication_required`) instead of asking for it. */
  offSession?: boolean;
  /** With it `next_action` is `redirect_to_url` (the Sandbox's 3DS page), without it `use_stripe_sdk`. */
  returnUrl?: string | null;
  /** Declines instead of `requires_action`. */
  errorOnRequiresAction?: boolean;
  /** `mandate_data.customer_acceptance`: the owner of a bank account agrees to be debited. */
  acceptance?: Params | null;
};

/** `outcome` is where the intent came to rest; `error` is set when the attempt was declined. */
export type PaymentResult = { outcome: PaymentOutcome; intent: Doc; charge: Doc | null; error?: StripeError };

export type ChargePaymentMethodInput = CreatePaymentIntentInput & Omit<ConfirmPaymentIntentInput, 'intent'>;

export type CancellationReason =
  | 'abandoned'
  | 'duplicate'
  | 'fraudulent'
  | 'requested_by_customer'
  | 'void_invoice'
  | 'automatic'
  | 'expired';

export type RefundChargeInput = {
  charge: Doc;
  /** Default: everything not refunded yet. */
  amount?: number;
  reason?: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  metadata?: Record<string, string>;
};

export type CreateSetupIntentInput = {
  customer?: Doc | null;
  paymentMethod?: string | null;
  /** Default `off_session`. */
  usage?: 'off_session' | 'on_session';
  paymentMethodTypes?: string[];
  automaticPaymentMethods?: { enabled: boolean; allow_redirects?: 'always' | 'never' } | null;
  description?: string | null;
  metadata?: Record<string, string>;
  fields?: Params;
};

export type ConfirmSetupIntentInput = {
  intent: Doc;
  paymentMethod?: string | null;
  returnUrl?: string | null;
  /** `mandate_data.customer_acceptance`. */
  acceptance?: Params | null;
};
export type SetupResult = {
  outcome: 'succeeded' | 'failed' | 'requires_action' | 'canceled' | 'processing';
  intent: Doc;
  error?: StripeError;
};

/** Card data as an API call or a hosted page sends it, or a token instead. */
export type CardInput = { number?: string; exp_month?: number | string; exp_year?: number | string; cvc?: string; token?: string };
export type PaymentMethodFromCardInput = {
  card: CardInput;
  billingDetails?: Params | undefined;
  metadata?: Record<string, string>;
  /** `card` for a card of the older Sources API, which is a payment method under another id. Default `pm`. */
  prefix?: 'pm' | 'card';
  /** Puts the payment method on this object's clock. */
  of?: Doc | null;
};
