import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { httpUrl } from '../../pages/layout.ts';
import { defaultConfiguration } from './configurations.ts';
import { flowOf } from './flows.ts';

/** Opens the portal for a customer: a short-lived page. Emits billing_portal.session.created. */
export async function createPortalSession(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.customer === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  if (params.return_url !== undefined && httpUrl(params.return_url) === null) {
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  const configuration = await configurationOf(tx, params.configuration);
  const session = openPortal(tx, {
    customer,
    configuration,
    flow: params.flow_data === undefined ? null : await flowOf(tx, { given: params.flow_data, customer, configuration }),
    locale: params.locale ?? null,
    returnUrl: params.return_url ?? configuration.default_return_url,
  });
  return session;
}

type Opened = { customer: Doc; configuration: Doc; flow: Params | null; locale: string | null; returnUrl: string | null };

/** Stores and announces a session with its address. */
export function openPortal(tx: Tx, input: Opened): Doc {
  const { customer, configuration } = input;
  const session = tx.make(
    'billing_portal.session',
    'bps',
    {
      configuration: configuration.id,
      customer: customer.id,
      flow: input.flow,
      locale: input.locale,
      return_url: input.returnUrl,
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
