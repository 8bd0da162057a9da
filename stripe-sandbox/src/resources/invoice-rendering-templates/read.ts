/** Templates are made in Stripe's Dashboard: here they are seeded through the control API (`invoice_rendering_template` objects). */
import { notEmulated, resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

const OBJECT = 'invoice_rendering_template';

/** Templates, newest first; by status. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: OBJECT, where: { status: rq.params.status } });
}

/** One template in its present version: earlier ones are not kept. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  const template = await rq.tx.require(OBJECT, rq.path.id!);
  const { version } = rq.params;
  if (version === undefined || version === template.version) return template;
  if (version > template.version) throw resourceMissing(OBJECT, `${template.id} version ${version}`);
  throw notEmulated('An earlier version of an invoice rendering template', 'version');
}
