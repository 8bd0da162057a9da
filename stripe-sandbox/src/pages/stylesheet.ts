/** The one stylesheet of all pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageAnswer } from '../kernel/types.ts';

export async function serveStylesheet(): Promise<PageAnswer> {
  const headers = { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: readFileSync(join(import.meta.dirname, 'pages.css'), 'utf8') };
}
