/** Making, changing and removing routes (R3). Each change restarts the route's clock: it knows nothing of what came before it (P13). */

import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { isUniqueViolation, notFound, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { getSender } from '../senders/queries.ts';
import type { RouteRow } from './routes-table.ts';

export type RouteKey = {
  trigger: string;
  stripe_product_id?: string | null | undefined;
  stripe_price_id?: string | null | undefined;
  product_id?: string | null | undefined;
  plan_id?: string | null | undefined;
};
export type RouteTarget = {
  template_id?: string | null | undefined;
  flow_id?: string | null | undefined;
  sender_id?: string | null | undefined;
  off?: boolean | undefined;
};

/** Refuses a key that has a route (409), a route without template that is not off, and in live an unapproved template or a machine's hand. */
export async function createRoute(ctx: Ctx, a: RouteKey & RouteTarget): Promise<RouteRow> {
  if (!triggerSpec(a.trigger)) refuse({ code: 'unknown_trigger', message: `There is no trigger "${a.trigger}".`, param: 'trigger' });
  if (a.stripe_price_id && !a.stripe_product_id)
    refuse({ code: 'product_missing', message: 'A route for a price names its product too.', param: 'stripe_product_id' });
  // Plans come with the catalog; until there is one, a route for a plan would be kept and never chosen.
  if (a.plan_id)
    refuse({
      status: 422,
      code: 'plan_unknown',
      param: 'plan_id',
      message: `This environment has no plan ${a.plan_id}.`,
      fix: 'Route by stripe_product_id and stripe_price_id.',
    });
  return transaction(ctx, async (tx) => {
    await checkTarget(tx, a.trigger, a);
    const now = tx.clock.now();
    const {
      trigger,
      stripe_product_id = null,
      stripe_price_id = null,
      product_id = null,
      plan_id = null,
      template_id = null,
      flow_id = null,
      sender_id = null,
      off = false,
    } = a;
    const row = await tx.db
      .insertInto('email_routes')
      .values({
        environment_id: tx.environmentId,
        id: newId(tx, 'route'),
        trigger,
        stripe_product_id,
        stripe_price_id,
        product_id,
        plan_id,
        template_id,
        flow_id: flow_id ?? (await defaultFlow(tx, trigger)),
        sender_id,
        off,
        active_since: now,
        created_at: now,
        updated_at: now,
        actor: tx.actor,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
      .catch((error: unknown) => {
        if (isUniqueViolation(error))
          refuse({ status: 409, code: 'route_exists', message: 'There is already a route for this combination.', fix: 'Change that one.' });
        throw error;
      });
    await writeAudit(tx, {
      action: 'email_route.created',
      objectType: 'email_route',
      objectId: row.id,
      after: { trigger, stripe_product_id, stripe_price_id, template_id, off },
    });
    return row;
  });
}

/** Changes where a route leads. Turning one on, or to another template, makes it active from now. */
export async function updateRoute(ctx: Ctx, id: string, a: RouteTarget): Promise<RouteRow> {
  return transaction(ctx, async (tx) => {
    const before = await lockRoute(tx, id);
    const after = {
      template_id: a.template_id === undefined ? before.template_id : a.template_id,
      flow_id: a.flow_id === undefined ? before.flow_id : a.flow_id,
      sender_id: a.sender_id === undefined ? before.sender_id : a.sender_id,
      off: a.off ?? before.off,
    };
    await checkTarget(tx, before.trigger, after);
    const now = tx.clock.now();
    const row = await tx.db
      .updateTable('email_routes')
      .set((eb) => ({
        ...after,
        active_since: before.off && !after.off ? now : before.active_since,
        updated_at: now,
        actor: tx.actor,
        rev: eb('rev', '+', 1n),
      }))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await writeAudit(tx, {
      action: 'email_route.updated',
      objectType: 'email_route',
      objectId: id,
      before: { template_id: before.template_id, off: before.off },
      after: { template_id: row.template_id, off: row.off },
    });
    return row;
  });
}

export async function deleteRoute(ctx: Ctx, id: string): Promise<void> {
  await transaction(ctx, async (tx) => {
    const row = await lockRoute(tx, id);
    await tx.db.deleteFrom('email_routes').where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
    await writeAudit(tx, {
      action: 'email_route.deleted',
      objectType: 'email_route',
      objectId: id,
      before: { trigger: row.trigger, template_id: row.template_id },
    });
  });
}

async function lockRoute(tx: Ctx, id: string): Promise<RouteRow> {
  const row = await tx.db
    .selectFrom('email_routes')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? notFound('route', id);
}

async function checkTarget(tx: Ctx, trigger: string, a: RouteTarget): Promise<void> {
  if (a.off) return;
  if (a.sender_id) await getSender(tx, a.sender_id);
  if (!a.template_id) refuse({ code: 'template_missing', message: 'A route that is not off names a template.', param: 'template_id' });
  const template = await tx.db
    .selectFrom('email_templates')
    .select('trigger')
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', a.template_id)
    .executeTakeFirst();
  if (!template) notFound('template', a.template_id);
  if (template.trigger !== trigger)
    refuse({ code: 'other_trigger', message: `That template is for ${template.trigger}.`, param: 'template_id' });
  const approved = await tx.db
    .selectFrom('email_template_versions')
    .select('id')
    .where('environment_id', '=', tx.environmentId)
    .where('template_id', '=', a.template_id)
    .where('status', '=', 'approved')
    .limit(1)
    .executeTakeFirst();
  if (!approved)
    refuse({
      status: 409,
      code: 'template_not_approved',
      message: 'No version of that template is approved.',
      fix: 'Publish a version first.',
    });
  // V1, V3: outside a sandbox a person decides that customers are written to.
  if (tx.mode !== 'sandbox' && !tx.actor.startsWith('user:'))
    refuse({
      status: 403,
      code: 'person_required',
      message: 'Only a signed-in person may turn on mail to real addresses.',
      fix: 'Turn the route on in the dashboard.',
    });
}

async function defaultFlow(tx: Ctx, trigger: string): Promise<string | null> {
  const row = await tx.db
    .selectFrom('email_flows')
    .select('id')
    .where('environment_id', '=', tx.environmentId)
    .where('key', '=', trigger)
    .executeTakeFirst();
  return row?.id ?? null;
}
