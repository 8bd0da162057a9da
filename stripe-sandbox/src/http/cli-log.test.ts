import { expect, test } from 'vitest';
import { logMessage, shows, type TailFilters } from './cli-log.ts';
import type { LoggedRequest } from './request-log.ts';

const request = (more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  id: 'req_1',
  at: Date.parse('2026-01-01T00:00:00Z'),
  account: 'acct_1',
  method: 'POST',
  path: '/v1/customers',
  route: '/v1/customers',
  params: { name: 'Secret' },
  status: 200,
  body: '{"name":"Secret"}',
  durationMs: 1,
  ...more,
});

test('each filter of logs tail keeps what it names and nothing else', () => {
  const declined = request({ status: 402 });
  const cases: [TailFilters, LoggedRequest, boolean][] = [
    [{}, request(), true],
    [{ filter_http_method: ['GET', 'POST'] }, request(), true],
    [{ filter_http_method: ['DELETE'] }, request(), false],
    [{ filter_request_path: ['/v1/customers'] }, request(), true],
    [{ filter_request_path: ['/v1/charges'] }, request(), false],
    [{ filter_request_status: ['SUCCEEDED'] }, declined, false],
    [{ filter_request_status: ['FAILED'] }, declined, true],
    [{ filter_source: ['API'] }, request(), true],
    [{ filter_source: ['DASHBOARD'] }, request(), false],
    [{ filter_status_code: ['402'] }, declined, true],
    [{ filter_status_code: ['400'] }, declined, false],
    [{ filter_status_code_type: ['400'] }, declined, true],
    [{ filter_status_code_type: ['500'] }, declined, false],
    [{ filter_http_method: ['POST'], filter_status_code_type: ['200'] }, declined, false],
  ];
  for (const [filters, logged, shown] of cases) expect([filters, shows(filters, logged)]).toEqual([filters, shown]);
});

test('the message has the facts of a refusal and no body', () => {
  const body = JSON.stringify({ error: { type: 'card_error', code: 'card_declined', message: 'No.', payment_intent: { id: 'pi_1' } } });
  const message = JSON.parse(logMessage(request({ status: 402, body }))) as { type: string; request_log_id: string; event_payload: string };
  expect([message.type, message.request_log_id]).toEqual(['request_log_event', 'req_1']);
  expect(JSON.parse(message.event_payload)).toEqual({
    created_at: Date.parse('2026-01-01T00:00:00Z') / 1000,
    livemode: false,
    method: 'POST',
    request_id: 'req_1',
    status: 402,
    url: '/v1/customers',
    error: { type: 'card_error', code: 'card_declined', message: 'No.' },
  });
  expect(logMessage(request())).not.toContain('Secret');
  expect(JSON.parse(JSON.parse(logMessage(request({ status: 500, body: '{"error":{"mess' }))).event_payload).error).toEqual({});
});
