import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** New objects may no longer name the template; where it is set it stays. No event: Stripe has none. */
export function archive(rq: ApiRequest): Promise<Doc> {
  return moveTo(rq, 'archived');
}

/** New objects may name it again. */
export function unarchive(rq: ApiRequest): Promise<Doc> {
  return moveTo(rq, 'active');
}

async function moveTo(rq: ApiRequest, status: 'active' | 'archived'): Promise<Doc> {
  const template = await rq.tx.require('invoice_rendering_template', rq.path.id!);
  if (template.status === status) throw invalidRequest(`This template is already ${status}.`, { code: 'status_transition_invalid' });
  template.status = status;
  rq.tx.put(template);
  return template;
}
