import { refuseDefaultPayment } from '../../billing/invoice/default-payment.ts';
import { requireAllowedType, requireChargeable, requireCurrency, usableMethod, wrongStatus } from '../../billing/payments/index.ts';
import { spend } from '../../kernel/limits.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { optionsWith, takeOver } from './params.ts';

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
/** Fixed once the payment has been tried with success. */
const MONEY = ['amount', 'currency', 'customer', 'payment_method', 'setup_future_usage', 'capture_method'];
/** What an invoice decides about the payment that collects it. */
const OF_THE_INVOICE = ['amount', 'currency', 'customer', 'capture_method'];

/** Changes an intent that has not come to rest; description, metadata and the like always. Stripe has no event for it. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const intent = await tx.require('payment_intent', rq.path.id!);
  spend(tx, intent, { name: 'payment_intent_updates_per_hour', limit: tx.limits.paymentIntentUpdatesPerHour, seconds: 3600 });
  if (!OPEN.includes(intent.status) && MONEY.some((name) => params[name] !== undefined))
    throw wrongStatus(intent, 'update', 'updated', OPEN);
  if (OF_THE_INVOICE.some((name) => params[name] !== undefined)) await refuseDefaultPayment(tx, intent, 'edited');
  changeMoney(intent, params);
  takeOver(intent, params);
  await changePayer(tx, intent, params);
  intent.payment_method_options = optionsWith(intent.payment_method_options, params);
  if (params.description !== undefined) intent.description = params.description || null;
  if (params.receipt_email !== undefined) intent.receipt_email = params.receipt_email || null;
  intent.metadata = mergeMetadata(intent.metadata, params.metadata);
  tx.put(intent);
  return intent;
}

async function changePayer(tx: Tx, intent: Doc, params: Params): Promise<void> {
  if (params.customer) intent.customer = (await tx.require('customer', params.customer, { param: 'customer' })).id;
  if (params.payment_method === undefined) return;
  const customer = intent.customer === null ? null : ((await tx.get(intent.customer)) ?? null);
  const paymentMethod = await usableMethod(tx, params.payment_method || null, customer);
  if (paymentMethod !== null) requireAllowedType(intent, paymentMethod);
  intent.payment_method = paymentMethod?.id ?? null;
  intent.status = paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation';
  intent.next_action = null;
}

function changeMoney(intent: Doc, params: Params): void {
  if (params.amount !== undefined || params.currency !== undefined) {
    const currency = params.currency === undefined ? intent.currency : requireCurrency(params.currency);
    const amount = params.amount ?? intent.amount;
    requireChargeable(amount, currency);
    Object.assign(intent, { amount, currency });
  }
  if (params.setup_future_usage !== undefined) intent.setup_future_usage = params.setup_future_usage || null;
  if (params.capture_method !== undefined) intent.capture_method = params.capture_method;
}
