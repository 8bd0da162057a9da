import { z } from 'zod';
import { SCAN_PAGE } from '../limits.ts';
import { load } from './load.ts';
import type { Fetched, Source } from './source.ts';

const ids = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Every refund of a charge, each with its payment where we do not know it yet. */
export async function loadRefundsOfCharge(source: Source, chargeId: string): Promise<Fetched[]> {
  const list = await source.api.get('/v1/refunds', ids, { charge: chargeId, limit: SCAN_PAGE });
  const loaded: Fetched[] = [];
  // Oldest first, as they happened.
  for (const refund of list.data.reverse()) loaded.push(...(await load(source, { type: 'refund', id: refund.id })));
  return loaded;
}
