/** Events and deliveries seen from outside, and the order knob of an endpoint. */
import { pageTransaction } from '../http/pages.ts';
import { invalidRequest } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { Doc } from '../kernel/types.ts';
import type { DeliveryRow } from '../store/port.ts';

const DEFAULT_LIMIT = 1000;

export type DeliveryKnob = {
  account: string;
  endpoint: string;
  /** Probabilities in [0, 1]; spans in milliseconds; `in_order` removes the knob. */
  knob: { drop?: number; duplicate?: number; delay?: { min: number; max: number }; shuffle?: number } | 'in_order';
};

/** Oldest first, without the API's horizon. */
export async function listEvents(
  services: Services,
  filter: { account: string; object?: string; types?: string[]; limit?: number },
): Promise<Doc[]> {
  const rows = await services.store.read((reads) =>
    reads.events({
      account: filter.account,
      objectId: filter.object,
      types: filter.types,
      order: 'oldest',
      limit: filter.limit ?? DEFAULT_LIMIT,
    }),
  );
  return rows.map((row) => row.doc);
}

export function listDeliveries(
  services: Services,
  filter: { account?: string; event?: string; endpoint?: string; limit?: number },
): Promise<DeliveryRow[]> {
  const { limit = DEFAULT_LIMIT, ...rest } = filter;
  return services.store.read((reads) => reads.deliveries({ ...rest, limit }));
}

const MAX_OVERLAP_MS = 24 * 3_600_000;
const SECRET_LENGTH = 32;

/**
 * Rolls an endpoint's signing secret, which only Stripe's dashboard can: the old one goes on signing beside the new one for `overlapMs` of
 * transport time, at most 24 hours [S 3.8]. Answers the new secret.
 */
export async function rollWebhookSecret(
  services: Services,
  input: { account: string; endpoint: string; overlapMs?: number },
): Promise<{ secret: string }> {
  const overlap = input.overlapMs ?? 0;
  if (!(overlap >= 0 && overlap <= MAX_OVERLAP_MS)) throw invalidRequest(`The old secret stays for at most ${MAX_OVERLAP_MS} ms.`);
  return pageTransaction(services, input.account, async (tx) => {
    const endpoint = await tx.require('webhook_endpoint', input.endpoint);
    const now = services.clock.now();
    const kept = ((endpoint._old_secrets ?? []) as { secret: string; until: number }[]).filter(({ until }) => until > now);
    const rolled = (endpoint._secrets as string[]).map((secret) => ({ secret, until: now + overlap }));
    const secret = `whsec_${tx.secret(SECRET_LENGTH)}`;
    Object.assign(endpoint, { _secrets: [secret], _old_secrets: [...rolled, ...kept] });
    tx.put(endpoint);
    return { secret };
  });
}

export async function setDeliveryKnob(services: Services, input: DeliveryKnob): Promise<void> {
  await pageTransaction(services, input.account, async (tx) => {
    const endpoint = await tx.require('webhook_endpoint', input.endpoint);
    endpoint._delivery = input.knob === 'in_order' ? undefined : input.knob;
    tx.put(endpoint);
  });
}
