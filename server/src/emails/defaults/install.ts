/** What every new environment gets: the shipped templates, a flow per trigger, captured mail; and in a sandbox the routes that use them. */
import type { Ctx } from '../../kit/context.ts';
import { json } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';
import { sha256 } from '../../kit/secrets.ts';
import { TRIGGERS } from '../facts/triggers.ts';
import type { CompiledDefaults } from './generate.ts';

/**
 * Writes the defaults in the transaction that makes the environment. In a sandbox the seven routes are on; in test and live the
 * templates and flows exist and nothing is routed to them until a person does it (V3); in live the texts wait for approval (V1).
 */
export async function defaultEmails(tx: Ctx): Promise<void> {
  const name = await insertBrand(tx);
  await insertSender(tx, name);
  const templates = await insertTemplates(tx);
  const flows = await insertFlows(tx);
  if (tx.mode === 'sandbox') await insertRoutes(tx, { templates, flows });
}

async function insertBrand(tx: Ctx): Promise<string> {
  const organization = await tx.db.selectFrom('organizations').select('name').where('id', '=', tx.organizationId).executeTakeFirst();
  const name = organization?.name ?? 'My company';
  const now = tx.clock.now();
  await tx.db
    .insertInto('brand_facts')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'brand_fact'),
      key: 'brand.name',
      value: name,
      type: 'string',
      registered_by: 'system',
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['environment_id', 'key']).doNothing())
    .execute();
  return name;
}

/** Captured mail comes from an address that can exist nowhere else (RFC 2606). */
async function insertSender(tx: Ctx, name: string): Promise<void> {
  const now = tx.machineClock.now();
  const transportId = newId(tx, 'transport');
  await tx.db
    .insertInto('email_transports')
    .values({
      environment_id: tx.environmentId,
      id: transportId,
      kind: 'inbox',
      name: 'Mailbox',
      is_default: true,
      created_at: now,
      updated_at: now,
    })
    .execute();
  if (tx.mode === 'live') return;
  await tx.db
    .insertInto('email_senders')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'sender'),
      from_address: 'billing@billow.test',
      from_name: name,
      domain: 'billow.test',
      transport_id: transportId,
      status: 'verified',
      is_default: true,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

async function insertTemplates(tx: Ctx): Promise<Map<string, string>> {
  const now = tx.clock.now();
  const ids = new Map(TRIGGERS.map((spec) => [spec.trigger, newId(tx, 'template')]));
  await tx.db
    .insertInto('email_templates')
    .values(
      TRIGGERS.map((spec) => ({
        environment_id: tx.environmentId,
        id: ids.get(spec.trigger)!,
        key: spec.trigger,
        name: spec.title,
        trigger: spec.trigger,
        created_at: now,
        updated_at: now,
        actor: tx.actor,
      })),
    )
    .execute();
  // Half a megabyte that only a new environment needs.
  const { DEFAULT_SOURCES } = await import('./sources.ts');
  const { default: compiledDefaults } = await import('./compiled.generated.json', { with: { type: 'json' } });
  const compiledBySource: Partial<CompiledDefaults> = compiledDefaults.compiled as CompiledDefaults;
  const rows = [];
  for (const source of DEFAULT_SOURCES) {
    const hash = sha256(source).toString('hex');
    const compiled = compiledBySource[hash];
    if (!compiled)
      throw new Error(`compiled.generated.json is stale: run node server/src/emails/defaults/generate.ts (${source.slice(0, 60)})`);
    const { head } = compiled;
    rows.push({
      environment_id: tx.environmentId,
      id: newId(tx, 'version'),
      template_id: ids.get(head.trigger)!,
      variant: head.variant,
      locale: head.locale,
      number: 1,
      class: head.class,
      format: 'markdown',
      source,
      subject: head.subject,
      preheader: head.preheader,
      html: compiled.html,
      text: compiled.text,
      literals: json([]),
      lint: json(compiled.issues),
      fields_used: compiled.fieldsUsed,
      status: tx.mode === 'live' ? 'draft' : 'approved',
      author: 'Billow',
      author_kind: 'composer',
      sha256: hash,
      created_at: now,
      updated_at: now,
    });
  }
  await tx.db.insertInto('email_template_versions').values(rows).execute();
  return ids;
}

async function insertFlows(tx: Ctx): Promise<Map<string, string>> {
  const now = tx.clock.now();
  const ids = new Map(TRIGGERS.map((spec) => [spec.trigger, { flow: newId(tx, 'flow'), version: newId(tx, 'flow_version') }]));
  await tx.db
    .insertInto('email_flows')
    .values(
      TRIGGERS.map((spec) => ({
        environment_id: tx.environmentId,
        id: ids.get(spec.trigger)!.flow,
        key: spec.trigger,
        name: spec.title,
        trigger: spec.trigger,
        status: 'active',
        active_since: now,
        current_version_id: ids.get(spec.trigger)!.version,
        created_at: now,
        updated_at: now,
        actor: tx.actor,
      })),
    )
    .execute();
  await tx.db
    .insertInto('email_flow_versions')
    .values(
      TRIGGERS.map((spec) => ({
        environment_id: tx.environmentId,
        id: ids.get(spec.trigger)!.version,
        flow_id: ids.get(spec.trigger)!.flow,
        number: 1,
        steps: json([{ delay_seconds: 0 }]),
        guards: json(spec.guards),
        exits: json(spec.exits),
        max_age_seconds: spec.maxAgeSeconds,
        settings: json(spec.leadDays ? { lead_days: spec.leadDays.default } : {}),
        status: 'published',
        created_at: now,
      })),
    )
    .execute();
  return new Map([...ids].map(([trigger, { flow }]) => [trigger, flow]));
}

async function insertRoutes(tx: Ctx, a: { templates: Map<string, string>; flows: Map<string, string> }): Promise<void> {
  const now = tx.clock.now();
  await tx.db
    .insertInto('email_routes')
    .values(
      TRIGGERS.map((spec) => ({
        environment_id: tx.environmentId,
        id: newId(tx, 'route'),
        trigger: spec.trigger,
        flow_id: a.flows.get(spec.trigger)!,
        template_id: a.templates.get(spec.trigger)!,
        active_since: now,
        created_at: now,
        updated_at: now,
        actor: tx.actor,
      })),
    )
    .execute();
}
