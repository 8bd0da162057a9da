import type { FirstRun } from '../../../scripts/lib/server-process.ts';

/** An environment of the mode test whose mail leaves through a server of ours outside the tested process: there every hand-over is seen. */
export type MailingEnvironment = { id: string; apiKey: string; secretKey: string };

/** Everybody whom the tests write to. */
export const RECIPIENTS = 'mailed.example';
const TRIGGERS = ['subscription.created', 'payment.received'];

/** Signs the owner in, makes the environment with an account of the Sandbox, an SMTP transport to `port`, and turns two mails on. */
export async function makeMailingEnvironment(firstRun: FirstRun, a: { port: number }): Promise<MailingEnvironment> {
  const cookie = await signIn(firstRun);
  const environment = await ask(firstRun, { cookie }, 'POST', '/v1/environments', { name: 'Mailing', mode: 'test' });
  const as = { cookie, environment: environment.id };
  const account = await control(firstRun, 'accounts', { name: 'Mailing account' });
  await ask(firstRun, as, 'POST', '/v1/connections', { api_key: account.secretKey, api_base: firstRun.stripe_sandbox.url });
  const relay = { kind: 'smtp', name: 'Counting sink', host: '127.0.0.1', port: a.port, tls: 'none', is_default: true };
  const transport = await ask(firstRun, as, 'POST', '/v1/emails/transports', relay);
  const sender = { from_address: 'billing@acme.example', from_name: 'Acme', transport_id: transport.id, is_default: true };
  await ask(firstRun, as, 'POST', '/v1/emails/senders', sender);
  await ask(firstRun, as, 'PUT', '/v1/emails/allow_list', { entries: [RECIPIENTS] });
  const templates = await ask(firstRun, as, 'GET', '/v1/emails/templates?limit=100');
  for (const trigger of TRIGGERS) {
    const template = templates.data.find((one: { key: string }) => one.key === trigger);
    await ask(firstRun, as, 'POST', '/v1/emails/routes', { trigger, template_id: template.id });
  }
  return { id: environment.id, apiKey: environment.api_key, secretKey: account.secretKey };
}

/** The same server, seen with the environment's own keys. */
export function inEnvironment(firstRun: FirstRun, environment: MailingEnvironment): FirstRun {
  return {
    ...firstRun,
    environment_id: environment.id,
    api_key: environment.apiKey,
    stripe_sandbox: { url: firstRun.stripe_sandbox.url, secret_key: environment.secretKey },
  };
}

/** How often each message was handed over in whole: its id, without generation and domain, from the header of what the sink took. */
export function handOversOf(mails: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const mail of mails) {
    const id = /^Message-ID: <(message_[a-z0-9]+)\.\d+@/im.exec(mail)?.[1];
    if (id === undefined) throw new Error(`A mail without our Message-ID: ${mail.slice(0, 200)}`);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

async function signIn(firstRun: FirstRun): Promise<string> {
  const token = firstRun.sign_in_url?.split('#')[1];
  const person = { token, name: 'Ada', email: 'ada@acme.example', password: 'a long enough password' };
  const answer = await fetch(new URL('/v1/sign_in_links/consume', firstRun.dashboard_url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(firstRun.dashboard_url).origin },
    body: JSON.stringify(person),
  });
  if (answer.status !== 201) throw new Error(`Signing in answered ${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

type As = { cookie: string; environment?: string };

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
async function ask(firstRun: FirstRun, as: As, method: string, path: string, body?: unknown): Promise<any> {
  const answer = await fetch(new URL(path, firstRun.dashboard_url), {
    method,
    headers: {
      cookie: as.cookie,
      origin: new URL(firstRun.dashboard_url).origin,
      ...(as.environment === undefined ? {} : { 'billow-environment': as.environment }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

// biome-ignore lint/suspicious/noExplicitAny: the control API answers every shape
async function control(firstRun: FirstRun, path: string, body: object): Promise<any> {
  const answer = await fetch(new URL(`/_sandbox/${path}`, firstRun.stripe_sandbox.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`/_sandbox/${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
