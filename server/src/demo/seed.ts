import type { Sdk } from '../providers/stripe/index.ts';
import { openCompany } from './acts.ts';
import type { Api } from './api.ts';
import { END, instantOf, openingAfter, STORY } from './story.ts';

/** The clock of an environment as the API answers it. */
type Clock = { now: string };

/**
 * Plays the story in a sandbox environment: what people do goes to Stripe through the official SDK, time moves through the product.
 * Takes seconds; leaves the environment four months later.
 */
export async function seed(a: { api: Api; stripe: Sdk; environmentId: string }): Promise<{ from: Temporal.Instant; to: Temporal.Instant }> {
  const clock = `/v1/environments/${a.environmentId}/clock`;
  const advance = (to: Temporal.Instant) => a.api.post<Clock>(`${clock}/advance`, { to: to.toString() });
  const from = openingAfter(Temporal.Instant.from((await a.api.get<Clock>(clock)).now));
  const to = instantOf(from, END);
  await advance(from);
  const cast = await openCompany(a.stripe);
  const diary = STORY.map((entry) => ({ at: instantOf(from, entry), act: entry.act }));
  for (const { at, act } of diary.sort((x, y) => Temporal.Instant.compare(x.at, y.at))) {
    await advance(at);
    await act(cast);
    // The present again: what the act set off comes to rest before time goes on.
    await advance(at);
  }
  await advance(to);
  return { from, to };
}
