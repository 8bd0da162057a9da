import type { Answer, ApiRequest } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** One customer; a deleted one answers `{ id, object, deleted: true }`. */
export async function retrieveCustomer(rq: ApiRequest): Promise<Answer> {
  const customer = await rq.tx.require('customer', rq.path.customer!, { deleted: true });
  return customer.deleted === true ? deletedAnswer(customer) : customer;
}
