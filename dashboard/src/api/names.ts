import { useQueries } from '@tanstack/react-query';
import { useEnvironment, useList, useRead } from './environment.tsx';
import type { Customer, RouteTarget, Template, TemplateWithVersions } from './types.ts';

const ALL_AT_ONCE = 100;
const MINUTE_MS = 60_000;

/** Products and prices of the connected account. */
export function useTargets() {
  return useRead<{ data: RouteTarget[] }>('/v1/emails/routes/targets', { every: MINUTE_MS, patient: true });
}

/** All templates with their current versions; undefined until every one is read. */
export function useTemplates(): { data: TemplateWithVersions[] | undefined; error: unknown; isError: boolean; refetch(): void } {
  const { api, environment } = useEnvironment();
  const list = useList<Template>('/v1/emails/templates', { query: { limit: ALL_AT_ONCE } });
  const each = useQueries({
    queries: (list.data?.data ?? []).map(({ id }) => {
      const path = `/v1/emails/templates/${encodeURIComponent(id)}`;
      return {
        queryKey: [environment.id, path, {}],
        queryFn: ({ signal }: { signal: AbortSignal }) => api.request<TemplateWithVersions>('GET', path, { signal }),
      };
    }),
  });
  const found = each.flatMap(({ data }) => (data ? [data] : []));
  // With all of them read before, the list stays and says that it may be old.
  const broken = [list, ...each].find(({ isError }) => isError);
  return {
    data: list.data && found.length === each.length ? found.sort((a, b) => a.name.localeCompare(b.name)) : undefined,
    error: broken?.error,
    isError: broken !== undefined,
    refetch: () => [list, ...each].forEach((query) => void query.refetch()),
  };
}

export type Names = {
  product(id: string | null): string | null;
  price(id: string | null): string | null;
  template(id: string | null): string | null;
  customer(id: string | null): string | null;
};

/** Words for ids, as far as they are known here; null where only the id is. */
export function useNames(): Names {
  const targets = useTargets().data?.data ?? [];
  const templates = useList<Template>('/v1/emails/templates', { query: { limit: ALL_AT_ONCE }, every: MINUTE_MS }).data?.data ?? [];
  const customers = useList<Customer>('/v1/customers', { query: { limit: ALL_AT_ONCE }, every: MINUTE_MS }).data?.data ?? [];
  return {
    product: (id) => targets.find((target) => target.stripe_product_id === id)?.name ?? null,
    price: (id) => targets.flatMap(({ prices }) => prices).find((price) => price.stripe_price_id === id)?.name ?? null,
    template: (id) => templates.find((template) => template.id === id)?.name ?? null,
    customer: (id) => {
      const customer = customers.find((one) => one.id === id);
      return customer?.name ?? customer?.email ?? null;
    },
  };
}
