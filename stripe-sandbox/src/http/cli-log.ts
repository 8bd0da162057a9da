/** `stripe logs tail`: which requests a tail shows, and how one is told. Pure. */
import type { LoggedRequest } from './request-log.ts';

/** As the CLI sends them (JSON in `filters`); each is a list of allowed values, absent means all. */
export type TailFilters = {
  filter_http_method?: string[];
  filter_request_path?: string[];
  filter_request_status?: string[];
  filter_source?: string[];
  filter_status_code?: string[];
  filter_status_code_type?: string[];
};
export const KNOWN_FILTERS = [
  'filter_http_method',
  'filter_request_path',
  'filter_request_status',
  'filter_source',
  'filter_status_code',
  'filter_status_code_type',
];

const MS = 1000;
const FAILED_FROM = 400;

/** Everything comes through the API here, nothing through a dashboard. */
export function shows(filters: TailFilters, request: LoggedRequest): boolean {
  const { status } = request;
  const allowed = (values: string[] | undefined, value: string): boolean => values === undefined || values.includes(value);
  return (
    allowed(filters.filter_http_method, request.method) &&
    allowed(filters.filter_request_path, request.path) &&
    allowed(filters.filter_request_status, status < FAILED_FROM ? 'SUCCEEDED' : 'FAILED') &&
    allowed(filters.filter_source, 'API') &&
    allowed(filters.filter_status_code, String(status)) &&
    // 4XX travels as 400.
    allowed(filters.filter_status_code_type, String(Math.floor(status / 100) * 100))
  );
}

/** The message for one request, with the error's facts and no body. */
export function logMessage(request: LoggedRequest): string {
  const payload = {
    created_at: Math.floor(request.at / MS),
    livemode: false,
    method: request.method,
    request_id: request.id,
    status: request.status,
    url: request.path,
    error: request.status < FAILED_FROM ? {} : errorOf(request.body),
  };
  return JSON.stringify({ type: 'request_log_event', request_log_id: request.id, event_payload: JSON.stringify(payload) });
}

function errorOf(body: string): Record<string, string> {
  const shown = ['type', 'charge', 'code', 'decline_code', 'message', 'param'];
  try {
    const { error } = JSON.parse(body) as { error?: Record<string, unknown> };
    return Object.fromEntries(shown.filter((name) => typeof error?.[name] === 'string').map((name) => [name, error![name] as string]));
  } catch {
    // A body that is cut short, or none of JSON: the status says enough.
    return {};
  }
}
