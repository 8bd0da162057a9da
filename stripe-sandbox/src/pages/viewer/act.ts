import { StripeError } from '../../kernel/errors.ts';
import type { ApiRequest, Outcome, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { retryEvent } from '../../resources/events/retry.ts';
import { isOwnForm, text } from '../form.ts';
import { messagePage, redirect } from '../layout.ts';
import { ruleFrom } from './fault-form.ts';
import { backOf, PURPOSE } from './frame.ts';
import { guard } from './guard.ts';

/** POST /viewer/act: sends an event again, moves a clock, decides the next payment, or makes and ends a fault. */
export async function actInViewer(rq: PageRequest): Promise<PageAnswer> {
  const closed = await guard(rq);
  if (closed !== null) return closed;
  const back = backOf(rq);
  if (!isOwnForm(rq, PURPOSE))
    return messagePage({ status: 400, title: 'Out of date', text: 'Go back and try again.', link: { href: back, label: 'Back' } });
  try {
    await ACTIONS[text(rq, 'action')]?.(rq);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return messagePage({ status: error.status, title: 'That did not work', text: error.message, link: { href: back, label: 'Back' } });
  }
  return redirect(back);
}

const ACTIONS: Record<string, (rq: PageRequest) => Promise<void>> = {
  async resend(rq) {
    await rq.transaction(text(rq, 'account'), (tx) =>
      retryEvent({ tx, account: tx.account, path: { event: text(rq, 'event') }, params: {} } as unknown as ApiRequest),
    );
  },
  async advance(rq) {
    await rq.control.advance({ account: text(rq, 'account'), clock: text(rq, 'clock'), to: Number(text(rq, 'to')) });
  },
  async add_fault(rq) {
    rq.control.faults.add(ruleFrom(rq));
  },
  async remove_fault(rq) {
    rq.control.faults.remove(text(rq, 'fault'));
  },
  async outcome(rq) {
    const who = text(rq, 'customer') === '' ? { payment_method: text(rq, 'payment_method') } : { customer: text(rq, 'customer') };
    await rq.control.outcome({ account: text(rq, 'account'), ...who, outcome: outcomeOf(text(rq, 'outcome')) });
  },
};

function outcomeOf(name: string): Outcome {
  if (name === 'requires_action' || name === 'succeed') return { kind: name };
  return name === 'insufficient_funds' ? { kind: 'decline', code: 'card_declined', decline_code: name } : { kind: 'decline', code: name };
}
