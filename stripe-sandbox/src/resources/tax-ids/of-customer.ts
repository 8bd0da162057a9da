/** `/v1/customers/{customer}/tax_ids`. */
import { resourceMissing } from '../../kernel/errors.ts';
import type { Answer, ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';
import { addTaxId, removeTaxId } from './add.ts';

export async function createTaxId(rq: ApiRequest): Promise<Doc> {
  const customer = await rq.tx.require('customer', rq.path.customer!);
  return addTaxId(rq.tx, { customer, type: rq.params.type, value: rq.params.value });
}

export async function listTaxIds(rq: ApiRequest): Promise<ListAnswer> {
  const customer = await rq.tx.require('customer', rq.path.customer!, { deleted: true });
  return rq.tx.list(rq, { object: 'tax_id', where: { customer: customer.id }, scoped: true });
}

export async function retrieveTaxId(rq: ApiRequest): Promise<Doc> {
  const taxId = await rq.tx.require('tax_id', rq.path.id!);
  if (taxId.customer !== rq.path.customer) throw resourceMissing('tax_id', taxId.id);
  return taxId;
}

export async function deleteTaxId(rq: ApiRequest): Promise<Answer> {
  const taxId = await retrieveTaxId(rq);
  removeTaxId(rq.tx, taxId);
  return deletedAnswer(taxId);
}
