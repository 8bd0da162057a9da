const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

type Operation = { 'x-scope'?: unknown };
type OpenApi = { paths?: Record<string, Record<string, Operation>> };

/** Operations of the API document without `x-scope`; a route that needs none says so ("public"), it does not stay silent. */
export function routesWithoutScope(document: OpenApi): string[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method] && !isScope(operations[method]['x-scope'])).map(
      (method) => `${method.toUpperCase()} ${path}`,
    ),
  );
}

function isScope(value: unknown): boolean {
  return typeof value === 'string' ? value.length > 0 : Array.isArray(value) && value.length > 0;
}
