import { confirmSetupIntent, createSetupIntent, mergeOptions, SETUP_OPTIONS } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const AUTOMATIC = { allow_redirects: 'always', enabled: true } as const;
export const STORED = ['allowed_payment_method_types', 'attach_to_self', 'excluded_payment_method_types', 'flow_directions'];

/** What Stripe shows when no options were given. */
const BLANK_OPTIONS = { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } };

/** The intent's options with those that were sent. */
export function optionsWith(current: Params, params: Params): Params {
  return mergeOptions(current, params.payment_method_options || {}, SETUP_OPTIONS);
}

/** Creates a SetupIntent and, with `confirm`, saves the payment method at once. Emits setup_intent.created first. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.confirm !== true && (params.return_url !== undefined || params.mandate_data)) {
    const param = params.return_url === undefined ? 'mandate_data' : 'return_url';
    throw invalidRequest(`The parameter \`${param}\` cannot be passed when creating a SetupIntent unless \`confirm\` is set to true.`, {
      param,
    });
  }
  const customer = params.customer ? await tx.require('customer', params.customer, { param: 'customer' }) : null;
  const automatic = params.automatic_payment_methods;
  const intent = await createSetupIntent(tx, {
    customer,
    paymentMethod: params.payment_method || null,
    usage: params.usage ?? 'off_session',
    automaticPaymentMethods: automatic === undefined ? AUTOMATIC : { allow_redirects: 'always', ...automatic },
    description: params.description || null,
    metadata: mergeMetadata(null, params.metadata),
    fields: {
      ...Object.fromEntries(STORED.filter((name) => params[name] !== undefined).map((name) => [name, params[name]])),
      payment_method_options: optionsWith(BLANK_OPTIONS, params),
    },
  });
  if (params.confirm === true) await confirmIt(rq, intent);
  return intent;
}

/** Saves the payment method, or asks the customer to authenticate. A decline answers 402 and the intent waits for another method. */
export async function confirm(rq: ApiRequest): Promise<Doc> {
  const intent = await rq.tx.require('setup_intent', rq.path.id!, { param: 'intent', status: 404 });
  await confirmIt(rq, intent);
  return intent;
}

async function confirmIt(rq: ApiRequest, intent: Doc): Promise<void> {
  const { tx, params } = rq;
  const automatic = intent.automatic_payment_methods;
  const open = !['succeeded', 'canceled', 'processing'].includes(intent.status);
  if (open && automatic?.enabled === true && automatic.allow_redirects !== 'never' && !params.return_url) {
    throw invalidRequest(
      "This SetupIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    );
  }
  intent.payment_method_options = optionsWith(intent.payment_method_options, params);
  const { error } = await confirmSetupIntent(tx, {
    intent,
    paymentMethod: params.payment_method || null,
    returnUrl: params.return_url || null,
    acceptance: params.mandate_data ? params.mandate_data.customer_acceptance : null,
  });
  if (error !== undefined) throw error;
}
