/** What the home page's buttons do, each in the page's transaction. The answer is where to go instead of home. */
import { confirmSetupIntent, createSetupIntent, detachPaymentMethod } from '../../../billing/payments/index.ts';
import { updateSubscription } from '../../../billing/subscription/index.ts';
import { invalidRequest } from '../../../kernel/errors.ts';
import type { Doc, HookListeners, PageRequest, Tx } from '../../../kernel/types.ts';
import { readAddress } from '../../../pages/address.ts';
import { cardEntry, methodFrom } from '../../../pages/card-form.ts';
import { text } from '../../../pages/form.ts';
import { addTaxId, removeTaxId } from '../../tax-ids/add.ts';
import { endFlow } from './finish.ts';
import { ownSubscription, type Shown } from './load.ts';
import { resumeFromPause } from './pause.ts';

/** The feature that allows an action. */
export const FEATURE: Record<string, string> = {
  renew: 'subscription_cancel',
  resume: 'subscription_pause',
  add_card: 'payment_method_update',
  default_card: 'payment_method_update',
  remove_card: 'payment_method_update',
  pay_with: 'payment_method_update',
  details: 'customer_update',
  add_tax_id: 'customer_update',
  remove_tax_id: 'customer_update',
};

type Action = (tx: Tx, rq: PageRequest, shown: Shown) => Promise<string | undefined>;

export const ACTIONS: Record<string, Action> = {
  async renew(tx, rq, shown) {
    await updateSubscription(tx, { id: requireOwn(rq, shown).id, params: { cancel_at_period_end: false } });
    return undefined;
  },
  async resume(tx, rq, shown) {
    const subscription = await tx.require('subscription', requireOwn(rq, shown).id);
    tx.cancelTimers(subscription.id, 'portal_resume');
    delete subscription._portal_resume;
    await resumeFromPause(tx, subscription);
    return undefined;
  },
  async add_card(tx, rq, shown) {
    const customer = await tx.require('customer', shown.customer.id);
    const method = await methodFrom(tx, { entry: cardEntry(rq, []), customer, billing: { email: customer.email, name: customer.name } });
    const intent = await createSetupIntent(tx, { customer, fields: { _portal: shown.session.id } });
    const returnUrl = `${tx.publicUrl}/p/${shown.session.id}/returned`;
    const result = await confirmSetupIntent(tx, { intent, paymentMethod: method.id, returnUrl });
    if (result.error !== undefined) throw result.error;
    return result.outcome === 'requires_action' ? result.intent.next_action.redirect_to_url.url : undefined;
  },
  async default_card(tx, rq, shown) {
    await setDefault(tx, shown.customer.id, ownCard(rq, shown, 'card').id);
    return undefined;
  },
  async remove_card(tx, rq, shown) {
    await detachPaymentMethod(tx, { paymentMethod: await tx.require('payment_method', ownCard(rq, shown, 'card').id) });
    return undefined;
  },
  async pay_with(tx, rq, shown) {
    const subscription = requireOwn(rq, shown);
    const card = ownCard(rq, shown, `card-${subscription.id}`);
    await updateSubscription(tx, { id: subscription.id, params: { default_payment_method: card.id } });
    return undefined;
  },
  async details(tx, rq, shown) {
    const customer = await tx.require('customer', shown.customer.id);
    const allowed: string[] = shown.features.customer_update!.allowed_updates;
    for (const name of ['name', 'email', 'phone']) if (allowed.includes(name)) customer[name] = text(rq, name) || null;
    if (allowed.includes('address') && text(rq, 'billing_line1') !== '') customer.address = readAddress(rq, 'billing');
    if (allowed.includes('shipping') && text(rq, 'shipping_line1') !== '')
      customer.shipping = {
        address: readAddress(rq, 'shipping'),
        name: text(rq, 'shipping_name'),
        phone: customer.shipping?.phone ?? null,
      };
    tx.put(customer);
    tx.emit('customer.updated', customer);
    return undefined;
  },
  async add_tax_id(tx, rq, shown) {
    requireAllowed(shown, 'tax_id');
    addTaxId(tx, {
      customer: await tx.require('customer', shown.customer.id),
      type: text(rq, 'tax_id_type'),
      value: text(rq, 'tax_id_value'),
    });
    return undefined;
  },
  async remove_tax_id(tx, rq, shown) {
    requireAllowed(shown, 'tax_id');
    const taxId = shown.taxIds.find((one) => one.id === text(rq, 'tax_id'));
    if (taxId === undefined) throw invalidRequest('This tax ID is not yours.');
    removeTaxId(tx, await tx.require('tax_id', taxId.id));
    return undefined;
  },
};

/** A card added here becomes the one that pays, also when the bank's page came in between; a flow to change the card is done then. */
export const portalHooks: HookListeners = {
  'setup_intent.settled': async (tx, { intent, outcome }) => {
    if (intent._portal === undefined || outcome !== 'succeeded') return;
    await setDefault(tx, intent.customer, intent.payment_method);
    const session = await tx.get(intent._portal, { object: 'billing_portal.session' });
    if (session?.flow?.type === 'payment_method_update') endFlow(tx, session);
  },
};

/** Emits customer.updated. */
async function setDefault(tx: Tx, customerId: string, method: string): Promise<void> {
  const customer = await tx.require('customer', customerId);
  customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: method };
  tx.put(customer);
  tx.emit('customer.updated', customer);
}

function requireOwn(rq: PageRequest, shown: Shown): Doc {
  const found = ownSubscription(shown, text(rq, 'subscription'));
  if (found === null) throw invalidRequest('This subscription is not yours or has ended.');
  return found;
}

function ownCard(rq: PageRequest, shown: Shown, field: string): Doc {
  const card = shown.cards.find((one) => one.id === text(rq, field));
  if (card === undefined) throw invalidRequest('This card is not saved for this customer.');
  return card;
}

function requireAllowed(shown: Shown, update: string): void {
  if (!shown.features.customer_update!.allowed_updates.includes(update)) throw invalidRequest('This is not offered here.');
}
