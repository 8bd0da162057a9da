import { TAX_CODES } from '../../billing/tax/index.ts';
import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Route } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';

/** The product tax codes the Sandbox knows (billing/tax/codes.ts). */
const SHOWN = TAX_CODES.map(({ id, name, description }) => ({
  id,
  object: 'tax_code',
  description,
  name,
  requirements: null,
})) as unknown as Doc[];

async function list(rq: ApiRequest): Promise<ListAnswer> {
  return pageOf(rq, SHOWN, '/v1/tax_codes');
}

async function retrieve(rq: ApiRequest): Promise<Doc> {
  const found = SHOWN.find((code) => code.id === rq.path.id);
  if (found === undefined) throw resourceMissing('tax_code', rq.path.id!);
  return found;
}

export const routes: Route[] = [
  { method: 'GET', path: '/v1/tax_codes', run: list },
  { method: 'GET', path: '/v1/tax_codes/{id}', run: retrieve },
];
