import { confirmSetupIntent, createSetupIntent, detachPaymentMethod } from '../../../billing/payments/index.ts';
import { cancelSubscription, updateSubscription } from '../../../billing/subscription/index.ts';
import { invalidRequest, StripeError } from '../../../kernel/errors.ts';
import type { Doc, HookListeners, PageAnswer, PageRequest, Tx } from '../../../kernel/types.ts';
import { cardEntry, checkCard, errorsOf, methodFrom } from '../../../pages/card-form.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { closed, loadPortal, purposeOf, type Shown } from './load.ts';
import { portalPage } from './show.ts';

const FEATURE: Record<string, string> = {
  cancel: 'subscription_cancel',
  renew: 'subscription_cancel',
  add_card: 'payment_method_update',
  remove_card: 'payment_method_update',
  details: 'customer_update',
};

/** POST /p/{session}: one change, if the configuration allows it; then back to the portal, or where the flow leads. */
export async function actInPortal(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const action = text(rq, 'action');
  if (!isOwnForm(rq, purposeOf(shown.session)))
    return portalPage(rq, shown, { message: 'This page was out of date. Please try again.', status: 400 });
  if (text(rq, 'fill') !== '') return portalPage(rq, shown, {});
  if (shown.features[FEATURE[action] ?? '']?.enabled !== true)
    return portalPage(rq, shown, { message: 'This is not offered here.', status: 400 });
  const errors = action === 'add_card' ? checkCard(cardEntry(rq, [])) : {};
  if (Object.keys(errors).length > 0) return portalPage(rq, shown, { errors, message: 'Please check the marked fields.', status: 422 });
  try {
    const next = await rq.transaction(shown.account, (tx) => ACTIONS[action]!(tx, rq, shown));
    return redirect(next ?? afterwards(shown));
  } catch (error) {
    if (error instanceof StripeError)
      return portalPage(rq, (await loadPortal(rq)) ?? shown, { errors: errorsOf(error), message: error.message, status: 402 });
    throw error;
  }
}

type Action = (tx: Tx, rq: PageRequest, shown: Shown) => Promise<string | undefined>;

const ACTIONS: Record<string, Action> = {
  async cancel(tx, rq, shown) {
    const id = ownSubscription(rq, shown);
    if (shown.features.subscription_cancel!.mode === 'immediately') {
      await cancelSubscription(tx, { id, params: { prorate: shown.features.subscription_cancel!.proration_behavior !== 'none' } });
    } else await updateSubscription(tx, { id, params: { cancel_at_period_end: true } });
    return undefined;
  },
  async renew(tx, rq, shown) {
    await updateSubscription(tx, { id: ownSubscription(rq, shown), params: { cancel_at_period_end: false } });
    return undefined;
  },
  async add_card(tx, rq, shown) {
    const customer = await tx.require('customer', shown.customer.id);
    const method = await methodFrom(tx, { entry: cardEntry(rq, []), customer, billing: { email: customer.email, name: customer.name } });
    const intent = await createSetupIntent(tx, { customer, fields: { _portal: shown.session.id } });
    const result = await confirmSetupIntent(tx, { intent, paymentMethod: method.id, returnUrl: `${tx.publicUrl}/p/${shown.session.id}` });
    if (result.error !== undefined) throw result.error;
    return result.outcome === 'requires_action' ? result.intent.next_action.redirect_to_url.url : undefined;
  },
  async remove_card(tx, rq, shown) {
    const card = shown.cards.find((one) => one.id === text(rq, 'card'));
    if (card === undefined) throw invalidRequest('This card is not saved for this customer.');
    await detachPaymentMethod(tx, { paymentMethod: await tx.require('payment_method', card.id) });
    return undefined;
  },
  async details(tx, rq, shown) {
    const customer = await tx.require('customer', shown.customer.id);
    const allowed: string[] = shown.features.customer_update!.allowed_updates;
    if (allowed.includes('email') && !text(rq, 'email').includes('@'))
      throw invalidRequest('Enter an e-mail address, like jane@example.com.');
    for (const name of ['name', 'email']) if (allowed.includes(name)) customer[name] = text(rq, name) || null;
    tx.put(customer);
    tx.emit('customer.updated', customer);
    return undefined;
  },
};

/** A card added here becomes the one that pays, also when the bank's page came in between. Emits customer.updated. */
export const portalHooks: HookListeners = {
  'setup_intent.settled': async (tx, { intent, outcome }) => {
    if (intent._portal === undefined || outcome !== 'succeeded') return;
    const customer = await tx.require('customer', intent.customer);
    customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: intent.payment_method };
    tx.put(customer);
    tx.emit('customer.updated', customer);
  },
};

function ownSubscription(rq: PageRequest, shown: Shown): string {
  const found: Doc | undefined = shown.subscriptions.find((one) => one.id === text(rq, 'subscription'));
  if (found === undefined) throw invalidRequest('This subscription is not yours or has ended.');
  return found.id;
}

function afterwards({ session }: Shown): string {
  return session.flow?.after_completion.redirect?.return_url ?? `/p/${session.id}`;
}
