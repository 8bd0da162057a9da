/** How an invoice looks: `rendering`, and the templates it may name. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

const BLANK = { amount_tax_display: null, pdf: { page_size: 'auto' }, template: null, template_version: null };

/** `rendering` after a change; a template must exist and not be archived, a version be one it has had. */
export async function chosenRendering(tx: Tx, present: Params | null, given: Params): Promise<Params> {
  const rendering: Params = { ...BLANK, ...(present ?? {}) };
  if (given.amount_tax_display !== undefined) rendering.amount_tax_display = given.amount_tax_display || null;
  if (given.pdf?.page_size !== undefined) rendering.pdf = { page_size: given.pdf.page_size };
  if (given.template !== undefined) {
    rendering.template = (await activeTemplate(tx, given.template, 'rendering[template]')).id;
    rendering.template_version = null;
  }
  if (given.template_version !== undefined) rendering.template_version = await versionOf(tx, rendering, given.template_version);
  return rendering;
}

/** What an invoice takes from its customer: tax display and template; null where the customer has none and the invoice none of its own. */
export async function customerRendering(tx: Tx, present: Params | null, customer: Doc): Promise<Params | null> {
  const options: Params | null = customer.invoice_settings?.rendering_options ?? null;
  if (options === null || (!options.amount_tax_display && !options.template)) return present;
  const template = options.template ? await tx.get(options.template, { object: 'invoice_rendering_template' }) : undefined;
  return { ...BLANK, ...(present ?? {}), amount_tax_display: options.amount_tax_display ?? null, template: template?.id ?? null };
}

/** At finalization the page gets its size and the template its version. */
export async function frozenRendering(tx: Tx, rendering: Params | null): Promise<Params | null> {
  if (rendering === null) return null;
  const size = rendering.pdf?.page_size ?? 'auto';
  const template = rendering.template === null ? undefined : await tx.get(rendering.template, { object: 'invoice_rendering_template' });
  return {
    ...rendering,
    pdf: { page_size: size === 'auto' ? 'letter' : size },
    template_version: rendering.template_version ?? template?.version ?? null,
  };
}

/** A template that new objects may name: archived ones stay only where they are set already. */
export async function activeTemplate(tx: Tx, id: string, param: string): Promise<Doc> {
  const template = await tx.require('invoice_rendering_template', id, { param });
  if (template.status !== 'archived') return template;
  throw invalidRequest(`The invoice rendering template ${id} is archived and cannot be used on new objects.`, { param });
}

async function versionOf(tx: Tx, rendering: Params, version: number | ''): Promise<number | null> {
  if (version === '') return null;
  const param = 'rendering[template_version]';
  if (rendering.template === null) throw invalidRequest('A template version needs a template.', { param });
  const template = await tx.require('invoice_rendering_template', rendering.template, { param });
  if (version < 1 || version > template.version) throw invalidRequest(`The template ${template.id} has no version ${version}.`, { param });
  return version;
}
