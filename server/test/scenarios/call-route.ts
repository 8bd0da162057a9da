import type { KyselyPlugin } from 'kysely';
import type { Ctx } from '../../src/kit/context.ts';
import type { Route, RouteRequest } from '../../src/kit/http.ts';

export type Answer = { body: Record<string, unknown> & { data: Record<string, unknown>[] }; queries: number };

/** Calls a room's GET route as the API would, without HTTP: its schemas read the query and judge the answer. Counts the queries it made. */
export async function callRoute(ctx: Ctx, routes: readonly Route[], path: string): Promise<Answer> {
  const url = new URL(path, 'http://api.invalid');
  const found = routes.map((route) => ({ route, match: pattern(route.path).exec(url.pathname) })).find(({ match }) => match);
  if (!found) throw new Error(`no route for ${path}`);
  const { route, match } = found;
  let queries = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const input = {
    params: route.params?.parse({ ...match?.groups }),
    query: route.query?.parse(Object.fromEntries(url.searchParams)),
    body: undefined,
    request: {} as RouteRequest,
  };
  const answer = await route.handler({ ...ctx, db: ctx.db.withPlugin(counter) }, input);
  return { body: route.response?.parse(JSON.parse(JSON.stringify(answer))) as Answer['body'], queries };
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
