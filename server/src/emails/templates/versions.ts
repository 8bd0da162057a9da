/** The template versions a batch may need, and the choice of one: variant, then locale (R5, K9). */
import type { Selectable } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';

export type VersionRow = Selectable<DB['email_template_versions']>;

/** The approved versions of the templates, newest first. */
export async function approvedVersions(ctx: Ctx, templateIds: string[]): Promise<VersionRow[]> {
  if (templateIds.length === 0) return [];
  return ctx.db
    .selectFrom('email_template_versions')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('template_id', 'in', [...new Set(templateIds)])
    .where('status', '=', 'approved')
    .orderBy('number', 'desc')
    .execute();
}

/** Customer locale → its language → brand default → English; a locale without an approved version is skipped. */
export function localeChain(customerLocale: string | null, brandDefault: string): string[] {
  const locale = customerLocale?.replace('_', '-') ?? '';
  return [...new Set([locale, locale.split('-')[0]!, brandDefault, 'en'].filter((l) => l !== ''))];
}

/** The newest approved version of the variant, else of `default`, in the first locale of the chain that has one. */
export function chooseVersion(versions: VersionRow[], a: { templateId: string; variant: string; locales: string[] }): VersionRow | null {
  const mine = versions.filter((v) => v.template_id === a.templateId);
  for (const variant of new Set([a.variant, 'default'])) {
    for (const locale of a.locales) {
      const found = mine.find((v) => v.variant === variant && v.locale === locale);
      if (found) return found;
    }
  }
  return null;
}
