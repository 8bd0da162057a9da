import { pageTransaction } from '../http/pages.ts';
import { invalidRequest } from '../kernel/errors.ts';
import { orderOutcome } from '../kernel/outcome.ts';
import type { Services } from '../kernel/services.ts';
import type { Outcome } from '../kernel/types.ts';

/** Decides the next `times` payments of a customer or a payment method. */
export async function orderOutcomes(
  services: Services,
  input: { account: string; customer?: string; payment_method?: string; outcome: Outcome; times?: number },
): Promise<void> {
  const who = input.payment_method ?? input.customer;
  if (who === undefined) throw invalidRequest('Say whose payment: customer or payment_method.');
  await pageTransaction(services, input.account, async (tx) => {
    orderOutcome(tx, { who, outcome: input.outcome, times: input.times ?? 1 });
  });
}
