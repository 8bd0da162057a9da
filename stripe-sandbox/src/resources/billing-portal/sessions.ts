import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { httpUrl } from '../../pages/layout.ts';
import { defaultConfiguration } from './configurations.ts';

const FLOWS = ['payment_method_update', 'subscription_cancel'];

/** Opens the portal for a customer: a short-lived page. Emits billing_portal.session.created. */
export async function createPortalSession(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.customer === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  if (params.return_url !== undefined && httpUrl(params.return_url) === null) {
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  const configuration = await configurationOf(tx, params.configuration);
  const session = tx.make(
    'billing_portal.session',
    'bps',
    {
      configuration: configuration.id,
      customer: customer.id,
      flow: params.flow_data === undefined ? null : await flowOf(tx, params.flow_data, customer),
      locale: params.locale ?? null,
      return_url: params.return_url ?? configuration.default_return_url,
    },
    customer,
  );
  session.url = `${tx.publicUrl}/p/${session.id}`;
  tx.put(session);
  tx.emit('billing_portal.session.created', session);
  return session;
}

async function configurationOf(tx: Tx, id: string | undefined): Promise<Doc> {
  if (id === undefined) return defaultConfiguration(tx);
  const configuration = await tx.require('billing_portal.configuration', id, { param: 'configuration' });
  if (!configuration.active) throw invalidRequest('This configuration is not active.', { param: 'configuration' });
  return configuration;
}

/** A link into one task: changing the card, or cancelling one subscription. */
async function flowOf(tx: Tx, given: Params, customer: Doc): Promise<Params> {
  if (!FLOWS.includes(given.type)) throw notEmulated(`The portal flow ${given.type}`, 'flow_data[type]');
  const cancel = given.type === 'subscription_cancel' ? given.subscription_cancel : undefined;
  if (given.type === 'subscription_cancel') await checkSubscription(tx, cancel, customer);
  const after = given.after_completion ?? { type: 'portal_homepage' };
  return {
    after_completion: {
      hosted_confirmation:
        after.hosted_confirmation === undefined ? null : { custom_message: after.hosted_confirmation.custom_message ?? null },
      redirect: after.redirect ?? null,
      type: after.type,
    },
    customer_update: null,
    subscription_cancel: cancel === undefined ? null : { retention: null, subscription: cancel.subscription },
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: given.type,
  };
}

async function checkSubscription(tx: Tx, cancel: Params | undefined, customer: Doc): Promise<void> {
  if (cancel === undefined) throw parameterMissing('flow_data[subscription_cancel][subscription]');
  if (cancel.retention !== undefined) throw notEmulated('Retention offers of the portal', 'flow_data[subscription_cancel][retention]');
  const param = 'flow_data[subscription_cancel][subscription]';
  const subscription = await tx.require('subscription', cancel.subscription, { param });
  if (subscription.customer !== customer.id) throw invalidRequest('This subscription belongs to another customer.', { param });
}
