/** The last requests with bodies, without secrets, for the viewer and the control API, and what was refused as not emulated. In this process only. */
import { redactParams, redactPath, redactText } from './redact.ts';

export type LoggedRequest = {
  id: string;
  at: number;
  account: string | null;
  method: string;
  path: string;
  route: string | null;
  params: unknown;
  status: number;
  body: string;
  durationMs: number;
};
export type Refusal = { what: string; count: number };
export type RequestLog = {
  add(request: LoggedRequest): void;
  list(filter?: { account?: string | undefined; limit?: number | undefined }): LoggedRequest[];
  get(id: string): LoggedRequest | undefined;
  refuse(what: string): void;
  refusals(): Refusal[];
  clear(account?: string): void;
};

const KEPT = 500;
const BODY_LIMIT = 20_000;

export function createRequestLog(): RequestLog {
  let requests: LoggedRequest[] = [];
  const refused = new Map<string, number>();
  return {
    add(request) {
      requests.push({
        ...request,
        path: redactPath(request.path),
        params: redactParams(request.params),
        body: redactText(request.body.slice(0, BODY_LIMIT)),
      });
      if (requests.length > KEPT * 2) requests = requests.slice(-KEPT);
    },
    list: ({ account, limit = 100 } = {}) =>
      requests
        .filter((request) => account === undefined || request.account === account)
        .slice(-Math.min(limit, KEPT))
        .reverse(),
    get: (id) => requests.findLast((request) => request.id === id),
    refuse: (what) => void refused.set(what, (refused.get(what) ?? 0) + 1),
    refusals: () => [...refused].map(([what, count]) => ({ what, count })),
    clear(account) {
      requests = account === undefined ? [] : requests.filter((request) => request.account !== account);
      if (account === undefined) refused.clear();
    },
  };
}
