/** Saving and publishing template versions (K5, V1, V3). */
import { sql } from 'kysely';
import { holdsScope, writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { json, transaction } from '../../kit/database.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { sha256 } from '../../kit/secrets.ts';
import { RenderPoolPort } from '../render/pool.ts';
import type { LintIssue } from './issue.ts';
import { type AuthorKind, lintTemplate } from './lint.ts';
import type { VersionRow } from './versions.ts';

export type SaveInput = { templateId: string; source: string; authorKind: AuthorKind };

/**
 * Stores a source as the draft of its template, variant and locale; an older draft of the same is replaced. With errors the draft
 * is kept as `needs_fix`, which can never be published. Answers the row and what lint says.
 */
export async function saveVersion(ctx: Ctx, a: SaveInput): Promise<{ version: VersionRow; issues: LintIssue[] }> {
  const template = await ctx.db
    .selectFrom('email_templates')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', a.templateId)
    .executeTakeFirst();
  if (!template) notFound('template', a.templateId);
  const lint = lintTemplate(a.source, { authorKind: a.authorKind });
  const issues = [...lint.issues];
  if (lint.spec && lint.head.trigger !== template.trigger)
    issues.push({
      level: 'error',
      rule: 'R5',
      message: `This template is for ${template.trigger}`,
      row: 1,
      column: 1,
      found: lint.head.trigger,
      suggestion: template.trigger,
    });
  const ok = !issues.some((issue) => issue.level === 'error');
  const compiled = ok ? await ctx.app.ports.get(RenderPoolPort).compile(a.source, { authorKind: a.authorKind }) : null;
  if (compiled && 'error' in compiled)
    issues.push({ level: 'error', rule: compiled.error.split(':')[0] ?? 'K3', message: compiled.error, row: 1, column: 1, found: '' });
  const html = compiled && 'html' in compiled ? compiled : null;
  const version = await transaction(ctx, async (tx) => {
    await tx.db
      .updateTable('email_template_versions')
      .set({ status: 'retired', updated_at: tx.clock.now() })
      .where('environment_id', '=', tx.environmentId)
      .where('template_id', '=', a.templateId)
      .where('variant', '=', lint.head.variant)
      .where('locale', '=', lint.head.locale)
      .where('status', 'in', ['draft', 'needs_fix'])
      .execute();
    return insertVersion(tx, { ...a, lint, issues, compiled: html, status: html ? 'draft' : 'needs_fix' });
  });
  return { version, issues };
}

type Insert = SaveInput & {
  lint: ReturnType<typeof lintTemplate>;
  issues: LintIssue[];
  compiled: { html: string; text: string } | null;
  status: 'draft' | 'needs_fix' | 'approved';
};

/** Writes a version under the next number of its template, variant and locale; numbers are never used twice. */
export async function insertVersion(tx: Ctx, a: Insert): Promise<VersionRow> {
  const { head } = a.lint;
  const now = tx.clock.now();
  return tx.db
    .insertInto('email_template_versions')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'version'),
      template_id: a.templateId,
      variant: head.variant,
      locale: head.locale,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from email_template_versions where environment_id = ${tx.environmentId} and template_id = ${a.templateId} and variant = ${head.variant} and locale = ${head.locale})`,
      class: head.class,
      format: 'markdown',
      source: a.source,
      subject: head.subject,
      preheader: head.preheader,
      html: a.compiled?.html ?? null,
      text: a.compiled?.text ?? null,
      literals: json(a.lint.literals),
      lint: json(a.issues),
      fields_used: a.lint.fieldsUsed,
      status: a.status,
      author: tx.actor,
      author_kind: a.authorKind,
      sha256: sha256(a.source).toString('hex'),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Makes a draft the version that is sent: in sandbox and test at once (V3); in live only a signed-in person with `emails:approve`
 * may (V1). The approval is kept. Earlier approved versions stay as they are; the newest wins.
 */
export async function publishVersion(
  ctx: Ctx,
  a: { versionId: string; comment: string | null; previewsSeen: unknown[] },
): Promise<VersionRow> {
  if (ctx.mode === 'live' && !ctx.actor.startsWith('user:'))
    refuse({
      status: 403,
      code: 'person_required',
      message: 'Only a signed-in person may approve a text for real customers.',
      fix: 'Open the template in the dashboard and approve it there.',
    });
  if (ctx.mode === 'live' && !holdsScope(ctx, 'emails:approve'))
    refuse({
      status: 403,
      code: 'missing_scope',
      param: 'emails:approve',
      message: 'Your role may not approve a text for real customers.',
      fix: 'Ask an owner, an admin or a developer to approve it.',
    });
  return transaction(ctx, async (tx) => {
    const version = await tx.db
      .selectFrom('email_template_versions')
      .selectAll()
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', a.versionId)
      .forUpdate()
      .executeTakeFirst();
    if (!version) notFound('template version', a.versionId);
    if (version.status === 'approved') return version;
    if (version.status !== 'draft')
      refuse({
        status: 409,
        code: 'version_not_publishable',
        message: `Version ${version.number} is ${version.status}.`,
        fix: 'Fix what lint reports and save it again.',
      });
    const now = tx.clock.now();
    await writeAudit(tx, {
      action: 'email_version.approved',
      objectType: 'email_template_version',
      objectId: version.id,
      after: { template_id: version.template_id, number: version.number, sha256: version.sha256 },
      ...(a.comment === null ? {} : { reason: a.comment }),
    });
    await tx.db
      .insertInto('email_approvals')
      .values({
        environment_id: tx.environmentId,
        id: newId(tx, 'approval'),
        template_version_id: version.id,
        approved_by: tx.actor,
        previews_seen: json(a.previewsSeen),
        comment: a.comment,
        created_at: now,
      })
      .execute();
    return tx.db
      .updateTable('email_template_versions')
      .set({ status: 'approved', updated_at: now })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', version.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}
