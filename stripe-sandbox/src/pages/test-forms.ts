/** Filling in the hosted pages without a browser, for tests. */
import type { Sandbox } from '../index.ts';
import { TOKEN_FIELD } from './form.ts';

const ORIGIN = 'http://127.0.0.1:12111';

export type Visited = { status: number; html: string; location: string | null; headers: Headers };

/** Opens a page by address or path. */
export async function visit(sandbox: Sandbox, address: string): Promise<Visited> {
  return visited(await sandbox.fetch(new URL(address, ORIGIN), { redirect: 'manual' }));
}

/** Opens the page, takes its form token along and sends the form to the same address (or `to`). */
export async function submit(sandbox: Sandbox, address: string, fields: Record<string, string>, to: string = address): Promise<Visited> {
  const { html } = await visit(sandbox, address);
  const token = new RegExp(`name="${TOKEN_FIELD}" value="([^"]+)"`).exec(html)?.[1] ?? '';
  return post(sandbox, to, { [TOKEN_FIELD]: token, ...fields });
}

/** Sends a form as it is. */
export async function post(
  sandbox: Sandbox,
  address: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Visited> {
  const body = new URLSearchParams(fields).toString();
  const init = { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } };
  return visited(await sandbox.fetch(new URL(address, ORIGIN), init));
}

async function visited(response: Response): Promise<Visited> {
  return { status: response.status, html: await response.text(), location: response.headers.get('location'), headers: response.headers };
}
