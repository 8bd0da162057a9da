import { closeInquiry, disputeTestPayment, openTestDispute, runDeadline, runVerdict, settleWarning } from '../../billing/disputes/index.ts';
import type { HookListeners, Route, TimerHandler } from '../../kernel/types.ts';
import { listDisputes, listWarnings, retrieveDispute, retrieveWarning } from './read.ts';
import { closeOneDispute, updateDispute } from './update.ts';

const ONE = '/v1/disputes/{id}';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/disputes', run: listDisputes },
  { method: 'GET', path: ONE, run: retrieveDispute },
  { method: 'POST', path: ONE, run: updateDispute, unsupported: ['intended_submission_method'] },
  { method: 'POST', path: `${ONE}/close`, run: closeOneDispute },
  { method: 'GET', path: '/v1/radar/early_fraud_warnings', run: listWarnings },
  { method: 'GET', path: '/v1/radar/early_fraud_warnings/{id}', run: retrieveWarning },
];

export const timers: Record<string, TimerHandler> = {
  dispute_open: openTestDispute,
  dispute_due: runDeadline,
  dispute_verdict: runVerdict,
  inquiry_close: closeInquiry,
};

export const hooks: HookListeners = {
  'payment_intent.settled': disputeTestPayment,
  'charge.refunded': settleWarning,
};
