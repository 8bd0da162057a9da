import type { Billow } from '@billow/sdk';
import { keepPreviousData, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import type { Environment, Me, Page } from './types.ts';

type InEnvironment = { api: Billow; environment: Environment; me: Me };

export const EnvironmentContext = createContext<InEnvironment | null>(null);

/** The environment the page is in, and the API that speaks of it. */
export function useEnvironment(): InEnvironment {
  const value = useContext(EnvironmentContext);
  if (value === null) throw new Error('A page outside the shell has no environment');
  return value;
}

/** How often a page reads again while somebody looks at it. */
export const EVERY = { live: 3000, calm: 10_000 };

type ReadOptions = {
  query?: object;
  every?: number | false;
  enabled?: boolean /** A failure is kept until the next interval, however often pages ask. */;
  patient?: boolean;
};

/** Reads a resource of the environment and keeps it fresh; the old answer stays while a new page loads. */
export function useRead<T>(
  path: string,
  { query = {}, every = EVERY.calm, enabled = true, patient = false }: ReadOptions = {},
): UseQueryResult<T> {
  const { api, environment } = useEnvironment();
  return useQuery({
    queryKey: [environment.id, path, query],
    queryFn: ({ signal }) => api.request<T>('GET', path, { query, signal }),
    refetchInterval: every,
    placeholderData: (previous, previousQuery) =>
      previousQuery?.queryKey[0] === environment.id && previousQuery.queryKey[1] === path ? keepPreviousData(previous) : undefined,
    enabled,
    retryOnMount: !patient,
  });
}

/** Reads a list of the environment. */
export function useList<T>(path: string, options: ReadOptions = {}): UseQueryResult<Page<T>> {
  return useRead<Page<T>>(path, options);
}

type WriteOptions<Output> = {
  /** What is said when it worked; nothing when absent. */
  done?: string | ((output: Output) => string);
  /** What is said when it did not; the caller shows the error itself when absent. */
  failed?: string;
  onDone?: (output: Output) => void;
};

/** Changes something in the environment, then reads again what is on the page. */
export function useWrite<Input, Output>(write: (api: Billow, input: Input) => Promise<Output>, options: WriteOptions<Output> = {}) {
  const { api, environment } = useEnvironment();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => write(api, input),
    onSuccess: async (output) => {
      const { done } = options;
      if (done !== undefined) toastDone(typeof done === 'function' ? done(output) : done);
      await queries.invalidateQueries({ queryKey: [environment.id] });
      options.onDone?.(output);
    },
    onError: (error) => {
      if (options.failed !== undefined) toastFailed(options.failed, error);
    },
  });
}
