/** The routes of an environment and the flows and templates they name, read once per batch. */
import type { Selectable } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';

export type RouteRow = Selectable<DB['email_routes']>;
export type FlowRow = Selectable<DB['email_flows']>;
export type FlowVersionRow = Selectable<DB['email_flow_versions']>;
export type FlowWithVersion = { flow: FlowRow; version: FlowVersionRow };

export type RoutingTable = { routes: RouteRow[]; flows: Map<string, FlowWithVersion>; defaultFlows: Map<string, FlowWithVersion> };

/** Reads what routing decides by. `defaultFlows` are the flows whose key is a trigger's name. */
export async function readRoutingTable(ctx: Ctx): Promise<RoutingTable> {
  const routes = await ctx.db.selectFrom('email_routes').selectAll().where('environment_id', '=', ctx.environmentId).execute();
  const flowRows = await ctx.db
    .selectFrom('email_flows')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('status', '<>', 'archived')
    .execute();
  const versionIds = flowRows.map((flow) => flow.current_version_id).filter((id) => id !== null);
  const versions =
    versionIds.length === 0
      ? []
      : await ctx.db
          .selectFrom('email_flow_versions')
          .selectAll()
          .where('environment_id', '=', ctx.environmentId)
          .where('id', 'in', versionIds)
          .execute();
  const byId = new Map(versions.map((version) => [version.id, version]));
  const flows = new Map<string, FlowWithVersion>();
  const defaultFlows = new Map<string, FlowWithVersion>();
  for (const flow of flowRows) {
    const version = byId.get(flow.current_version_id ?? '');
    if (!version) continue;
    flows.set(flow.id, { flow, version });
    if (flow.key === flow.trigger) defaultFlows.set(flow.trigger, { flow, version });
  }
  return { routes, flows, defaultFlows };
}
