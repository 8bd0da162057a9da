import { isoTime } from '../../kernel/thin.ts';
import type { Doc, Params } from '../../kernel/types.ts';

/** What the API shows of a destination: address and secret only when asked for by `include`. */
export function viewOf(destination: Doc, include: string[] = []): Doc {
  const { created, updated, webhook_endpoint, ...rest } = destination;
  const shown: Params = {};
  if (include.includes('webhook_endpoint.url')) shown.url = webhook_endpoint.url;
  if (include.includes('webhook_endpoint.signing_secret')) shown.signing_secret = destination._secrets[0];
  return { ...rest, created: isoTime(created), updated: isoTime(updated), webhook_endpoint: shown } as unknown as Doc;
}
