import type { Billow, Page } from './client.ts';
import { BillowError } from './error.ts';

/** A captured mail, as far as waiting needs to know it. */
export type CapturedMail = {
  id: string;
  message_id: string | null;
  trigger: string | null;
  customer_id: string | null;
  from: string | null;
  to: string[] | string | null;
  subject: string | null;
  received_at: string;
};

/** The server holds one question for at most this long. */
const LONGEST_WAIT_SECONDS = 30;

/** Waits until a mail that fits is in the Mailbox and answers the newest. Throws BillowError `timeout` after `seconds` (default 30) of host time. */
export async function waitForMail(
  billow: Pick<Billow, 'request'>,
  wanted: { to?: string; trigger?: string; customer?: string; subject?: string; seconds?: number },
): Promise<CapturedMail> {
  const { seconds = LONGEST_WAIT_SECONDS, ...filters } = wanted;
  const started = performance.now();
  for (let left = seconds; left > 0; left = seconds - (performance.now() - started) / 1000) {
    const wait = Math.max(1, Math.min(LONGEST_WAIT_SECONDS, Math.ceil(left)));
    const page = await billow.request<Page<CapturedMail>>('GET', '/v1/mailbox/messages', { query: { ...filters, wait, limit: 1 } });
    const [mail] = page.data;
    if (mail !== undefined) return mail;
  }
  throw new BillowError({ status: 0, code: 'timeout', message: `No such mail within ${seconds} s.` });
}

/** Moves a simulated clock and answers when everything due until then is done. `to`: RFC 3339, or `next` for the next thing due. */
export async function advanceClock(
  billow: Pick<Billow, 'request'>,
  a: { environmentId: string; to: string },
): Promise<{ now: string; next: string | null }> {
  return billow.request('POST', `/v1/environments/${encodeURIComponent(a.environmentId)}/clock/advance`, { body: { to: a.to } });
}
