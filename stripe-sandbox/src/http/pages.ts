/** Serves the hosted pages and OAuth endpoints: they see no account until they find one. */
import { createHmac } from 'node:crypto';
import type { Control } from '../control/control.ts';
import { OAuthError, StripeError } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import { beginTransaction } from '../kernel/transaction.ts';
import type { PageRequest, PageRoute, Params, Tx } from '../kernel/types.ts';
import { errorReply, type Reply } from './answer.ts';
import type { Incoming } from './api.ts';
import { authenticate } from './authenticate.ts';
import { decodeForm, decodeJson } from './decode.ts';

const POLL_MS = 10;
const SECRET_LENGTH = 32;
/** One secret per running Sandbox: forms of an earlier run are refused and shown again. */
const formSecrets = new WeakMap<Services, string>();

export type FoundPage = { page: PageRoute; path: Record<string, string> };

export function findPage(pages: PageRoute[], method: string, pathname: string): FoundPage | null {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  for (const page of pages) {
    if (page.method !== (method === 'HEAD' ? 'GET' : method)) continue;
    const path = matchPath(page.path, segments);
    if (path !== null) return { page, path };
  }
  return null;
}

/** Pages answer HTML; OAuth endpoints JSON. What a page throws becomes Stripe's JSON error, never a stack. */
export async function servePage(services: Services, control: Control, found: FoundPage, incoming: Incoming): Promise<Reply> {
  try {
    const answer = await found.page.run(pageRequest(services, control, found, incoming));
    return { status: answer.status, headers: answer.headers ?? { 'content-type': 'text/html; charset=utf-8' }, body: answer.body };
  } catch (error) {
    if (!(error instanceof StripeError) && !(error instanceof OAuthError)) {
      process.stderr.write(
        `Stripe Sandbox: ${incoming.method} ${incoming.url.pathname} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
    return errorReply(error, `req_${services.random.alphanumeric(14)}`, services.publicUrl());
  }
}

function pageRequest(services: Services, control: Control, found: FoundPage, incoming: Incoming): PageRequest {
  return {
    method: found.page.method,
    path: found.path,
    query: incoming.url.searchParams,
    form: formOf(incoming),
    headers: incoming.headers,
    publicUrl: services.publicUrl(),
    async find(id) {
      const row = await services.store.read((reads) => reads.objectAnywhere(id));
      return row === undefined || row.deleted ? null : { account: row.account, doc: row.doc };
    },
    accounts: () => services.store.read((reads) => reads.accounts()),
    caller(secret) {
      const headers = secret === undefined ? incoming.headers : new Headers({ authorization: `Bearer ${secret}` });
      return services.store.read((reads) => authenticate(services, reads, headers));
    },
    formToken: (purpose) => formToken(services, purpose),
    control,
    transaction: (account, fn) => pageTransaction(services, account, fn),
    waitForDelivery: (account, type, about, timeoutMs) => waitForDelivery(services, { account, type, about, timeoutMs }),
  };
}

function formToken(services: Services, purpose: string): string {
  const secret = formSecrets.get(services) ?? services.random.alphanumeric(SECRET_LENGTH);
  formSecrets.set(services, secret);
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}

function formOf(incoming: Incoming): Params {
  if (incoming.method !== 'POST') return {};
  return (incoming.headers.get('content-type') ?? '').includes('application/json') ? decodeJson(incoming.body) : decodeForm(incoming.body);
}

/** One transaction for a page or the Sandbox itself: events have no request. A refusal with `commit` keeps its changes. */
export async function pageTransaction<T>(services: Services, account: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const ended = await services.store.write(account, async (writes) => {
    const tx = await beginTransaction(services, writes, account, { requestId: null, idempotencyKey: null });
    try {
      const result = await fn(tx);
      await tx.commit();
      return { result };
    } catch (error) {
      if (!(error instanceof StripeError && error.commit)) throw error;
      await tx.commit();
      // Thrown outside: a throw in here would undo what the refusal keeps.
      return { refusal: error };
    }
  });
  if (ended.refusal) throw ended.refusal;
  return ended.result;
}

async function waitForDelivery(
  services: Services,
  wait: { account: string; type: string; about: string; timeoutMs: number },
): Promise<void> {
  const until = services.clock.now() + wait.timeoutMs;
  for (;;) {
    const query = {
      account: wait.account,
      eventType: wait.type,
      objectId: wait.about,
      status: 'pending' as const,
      untried: true,
      limit: 1,
    };
    const waiting = await services.store.read((reads) => reads.deliveries(query));
    if (waiting.length === 0 || services.clock.now() >= until) return;
    await new Promise<void>((resolve) => services.clock.after(POLL_MS, resolve));
  }
}

function matchPath(template: string, segments: string[]): Record<string, string> | null {
  const wanted = template.split('/').filter((segment) => segment !== '');
  if (wanted.length !== segments.length) return null;
  const path: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const variable = /^\{(\w+)\}$/.exec(segment);
    if (variable !== null) path[variable[1]!] = decodeURIComponent(segments[index]!);
    else if (segment !== segments[index]) return null;
  }
  return path;
}
