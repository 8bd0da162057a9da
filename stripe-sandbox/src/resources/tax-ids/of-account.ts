/** `/v1/tax_ids`: tax ids of the account itself, or of a customer named as owner. */
import { notEmulated } from '../../kernel/errors.ts';
import type { Answer, ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';
import { addTaxId, removeTaxId } from './add.ts';

export async function createAccountTaxId(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const owner = params.owner ?? { type: 'self' };
  if (owner.type !== 'self' && owner.type !== 'customer') throw notEmulated(`A tax id owned by ${owner.type}`, 'owner[type]');
  const customer = owner.type === 'customer' ? await tx.require('customer', owner.customer ?? '', { param: 'owner[customer]' }) : null;
  return addTaxId(tx, { customer, type: params.type, value: params.value });
}

export function listAccountTaxIds(rq: ApiRequest): Promise<ListAnswer> {
  const owner = rq.params.owner ?? { type: 'self' };
  if (owner.type === 'customer') return rq.tx.list(rq, { object: 'tax_id', where: { customer: owner.customer }, scoped: true });
  return rq.tx.list(rq, { object: 'tax_id', filter: (taxId) => taxId.customer === null });
}

export function retrieveAccountTaxId(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('tax_id', rq.path.id!);
}

export async function deleteAccountTaxId(rq: ApiRequest): Promise<Answer> {
  const taxId = await retrieveAccountTaxId(rq);
  removeTaxId(rq.tx, taxId);
  return deletedAnswer(taxId);
}
