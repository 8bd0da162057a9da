/** What e-mail needs to know from Stripe beside the mirrored rows. providers/stripe fulfils it. */
import type { Ctx } from '../kit/context.ts';
import { definePort } from '../kit/ports.ts';

export type MirroredType = 'customer' | 'subscription' | 'invoice' | 'payment_intent' | 'refund';

/** A product that routes can name, with its prices. Names are for people: a price without a nickname is called by its amount. */
export type SoldProduct = { id: string; name: string; active: boolean; prices: { id: string; name: string; active: boolean }[] };

export type StripeMirror = {
  /** Products and prices we have a copy of, by name; at most `limit` products. */
  catalog(ctx: Ctx, a: { limit: number }): Promise<SoldProduct[]>;
  /** Name of a Stripe product; null where Stripe has none by this id. `readAt` is when it was read from Stripe (machine time). */
  product(ctx: Ctx, stripeId: string): Promise<{ id: string; name: string; readAt: Temporal.Instant } | null>;
  price(ctx: Ctx, stripeId: string): Promise<{ id: string; nickname: string | null; readAt: Temporal.Instant } | null>;
  /** Stripe's hosted page of an invoice, read at this moment; null where it has none (a draft). */
  invoiceUrl(ctx: Ctx, stripeInvoiceId: string): Promise<string | null>;
  /** What the next invoice of a subscription will ask for (Stripe's preview); null where none is to come. `estimated` when usage may change it. */
  nextInvoice(
    ctx: Ctx,
    stripeSubscriptionId: string,
  ): Promise<{ amount: bigint; currency: string; at: Temporal.Instant; estimated: boolean } | null>;
  /** Reads the object again and records it where our copy is older than 15 minutes or its sync is degraded (L7.1). Throws where Stripe cannot be read. */
  refresh(ctx: Ctx, a: { type: MirroredType; stripeId: string }): Promise<void>;
  /** The object's page in Stripe's dashboard, or in the Sandbox's. */
  deepLink(ctx: Ctx, type: string, stripeId: string): Promise<string | null>;
};

export const StripeMirrorPort = definePort<StripeMirror>('stripe_mirror');
