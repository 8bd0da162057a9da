import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Includable, ListAnswer } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';
import { pageOf } from '../invoices/page.ts';

/** A calculation until it expires. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  const calculation = await rq.tx.require('tax.calculation', rq.path.id!);
  if (calculation.expires_at <= rq.tx.now(calculation)) throw resourceMissing('tax.calculation', calculation.id);
  return calculation;
}

/** Its lines, with their taxes. */
export async function lineItems(rq: ApiRequest): Promise<ListAnswer> {
  const calculation = await retrieve(rq);
  return pageOf(rq, calculation._lines, `/v1/tax/calculations/${calculation.id}/line_items`);
}

export const calculationIncludables: Record<string, Includable> = {
  line_items: async (_tx, calculation) =>
    embeddedList(
      calculation._lines.map((line: Doc) => withoutBreakdown(line)),
      `/v1/tax/calculations/${calculation.id}/line_items`,
    ),
};

function withoutBreakdown(line: Doc): Doc {
  const { tax_breakdown: _breakdown, ...rest } = line;
  return rest as Doc;
}
