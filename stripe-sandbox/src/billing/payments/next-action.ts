/** What the customer has to do next: the Sandbox's own 3DS page stands for the bank's. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';

/** The page that completes or fails the authentication of a payment or setup intent. */
export function authenticationUrl(tx: Tx, intent: Doc): string {
  return `${tx.publicUrl}/3ds/${intent.id}?client_secret=${intent.client_secret}`;
}

/** `redirect_to_url` when a return_url was given, else `use_stripe_sdk` (recorded) carrying the same page. */
export function nextAction(tx: Tx, input: { intent: Doc; returnUrl: string | null }): Params {
  const url = authenticationUrl(tx, input.intent);
  if (input.returnUrl !== null) return { redirect_to_url: { return_url: input.returnUrl, url }, type: 'redirect_to_url' };
  return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } };
}
