import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useEnvironment } from '../../../api/environment.tsx';
import type { Preview } from '../../../api/types.ts';

const PAUSE_MS = 350;
export const SAMPLE = 'sample';

export type PreviewState = {
  data: Preview | undefined;
  error: unknown;
  /** The mail shown is that of an earlier text or event. */
  isStale: boolean;
  occurrence: string;
  setOccurrence(id: string): void;
};

/** Renders what is in the editor once typing pauses: on made-up facts, or on those of a past event. Nothing is saved or sent. */
export function usePreview(source: string): PreviewState {
  const { api, environment } = useEnvironment();
  const [occurrence, setOccurrence] = useState(SAMPLE);
  const settled = usePaused(source);
  const body = { source: settled, ...(occurrence !== SAMPLE && { occurrence_id: occurrence }) };
  const query = useQuery({
    queryKey: ['preview', environment.id, body],
    queryFn: ({ signal }) => api.request<Preview>('POST', '/v1/emails/preview', { body, signal }),
    placeholderData: keepPreviousData,
    enabled: settled.trim() !== '',
    staleTime: 60_000,
    retry: false,
  });
  return {
    data: query.data,
    error: query.error,
    isStale: query.isPlaceholderData || settled !== source || query.isFetching,
    occurrence,
    setOccurrence,
  };
}

function usePaused(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
