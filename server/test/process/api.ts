import Stripe from 'stripe';
import type { FirstRun } from '../../../scripts/lib/server-process.ts';

/** What a process test asks a server that runs elsewhere: Billow's API with the first key, and the Sandbox through the official SDK. */
export type Item = Record<string, unknown>;

const LIST_LIMIT = 100;

export async function get<T>(firstRun: FirstRun, path: string): Promise<T> {
  const answer = await fetch(new URL(path, firstRun.dashboard_url), { headers: { authorization: `Bearer ${firstRun.api_key}` } });
  if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

export async function post<T>(firstRun: FirstRun, path: string, body: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${firstRun.api_key}`, 'content-type': 'application/json' };
  const answer = await fetch(new URL(path, firstRun.dashboard_url), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Every item of a list, page by page. */
export async function all(firstRun: FirstRun, path: string): Promise<Item[]> {
  const rows: Item[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: { data: Item[]; next_cursor: string | null } = await get(
      firstRun,
      `${path}?limit=${LIST_LIMIT}${cursor ? `&cursor=${cursor}` : ''}`,
    );
    rows.push(...page.data);
    if (page.next_cursor === null) return rows;
    cursor = page.next_cursor;
  }
}

export async function list(firstRun: FirstRun, path: string): Promise<Item[]> {
  return (await get<{ data: Item[] }>(firstRun, path)).data;
}

/** The official SDK on the first environment's account; it never tries again by itself. */
export function stripeOf(firstRun: FirstRun): Stripe {
  const url = new URL(firstRun.stripe_sandbox.url);
  return new Stripe(firstRun.stripe_sandbox.secret_key, { host: url.hostname, port: url.port, protocol: 'http', maxNetworkRetries: 0 });
}
