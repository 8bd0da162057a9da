/** Legacy card sources of a customer. `/v1/sources` itself and bank accounts are not emulated. */
import type { HookListeners, Includable, ResourceFolder, Route } from '../../kernel/types.ts';
import { cardView, isCardSource } from './card.ts';
import { sourceHooks } from './detached.ts';
import { createSource, deleteSource, listSources, retrieveSource, updateSource } from './handlers.ts';

const ALL = '/v1/customers/{customer}/sources';
const ONE = `${ALL}/{id}`;
/** Of bank accounts and Source objects. */
const OTHER_KINDS = ['account_holder_name', 'account_holder_type', 'owner'];

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: createSource, unsupported: ['validate'] },
  { method: 'GET', path: ALL, run: listSources },
  { method: 'GET', path: ONE, run: retrieveSource },
  { method: 'POST', path: ONE, run: updateSource, unsupported: OTHER_KINDS },
  { method: 'DELETE', path: ONE, run: deleteSource },
];

export const hooks: HookListeners = sourceHooks;

/** Expanded, a default source is shown as the card it is. */
const defaultSource: Includable = async (tx, doc) => {
  if (!isCardSource(doc.default_source)) return doc.default_source ?? null;
  const method = await tx.get(doc.default_source, { object: 'payment_method' });
  return method === undefined ? doc.default_source : cardView(method);
};

export const includables: NonNullable<ResourceFolder['includables']> = {
  customer: { default_source: defaultSource },
  subscription: { default_source: defaultSource },
  invoice: { default_source: defaultSource },
};
