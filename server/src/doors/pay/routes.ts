/** `GET /l/{token}` shows what a link is about; only its button leads on (C5, M12). */
import { z } from 'zod';
import { findLink, type LinkPage } from '../../emails/index.ts';
import { defineRoute, Reply, type Route, redirect } from '../../kit/http.ts';
import { page } from './page.ts';

const params = z.object({ token: z.string().min(1).max(200) });
const PER_MINUTE = 60;

/** No script, no foreign content, no referrer: the address of the page is a secret of its reader. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'",
};

const show = defineRoute({
  method: 'GET',
  path: '/l/{token}',
  scope: 'public',
  summary: 'The page behind a link of a mail',
  tags: ['Pages'],
  hidden: true,
  rateLimit: PER_MINUTE,
  params,
  produces: 'text/html',
  handler: async (ctx, { params: { token } }) => answer(await findLink(ctx.app, token), 200),
});

const follow = defineRoute({
  method: 'POST',
  path: '/l/{token}',
  scope: 'public',
  summary: 'Lead on to the hosted invoice',
  tags: ['Pages'],
  hidden: true,
  rateLimit: PER_MINUTE,
  params,
  produces: 'text/html',
  rawBody: true,
  handler: async (ctx, { params: { token } }) => {
    const link = await findLink(ctx.app, token);
    const url = link ? await link.follow() : null;
    return url === null ? answer(link, 502) : redirect(url, 303);
  },
});

function answer(link: LinkPage | null, status: number): Reply {
  if (link === null) return new Reply({ status: 404, headers: HEADERS, body: page(null) });
  return new Reply({ status, headers: HEADERS, body: page({ ...link, unavailable: status !== 200 }) });
}

export const routes: readonly Route[] = [show, follow];
