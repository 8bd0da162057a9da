import type { PageAnswer, PageRequest } from '../../kernel/types.ts';
import { messagePage } from '../layout.ts';

const UNAUTHORIZED = 401;

/** The viewer shows what the control API shows, so it asks for the same token, as a password of any user. Null when the caller may go on. */
export async function guard(rq: PageRequest): Promise<PageAnswer | null> {
  const headers = new Headers();
  const token = passwordIn(rq.headers.get('authorization'));
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  const url = new URL('/_sandbox/health', rq.publicUrl);
  const reply = await rq.control.handle({ method: 'GET', url, headers, body: '' });
  if (reply.status !== UNAUTHORIZED) return null;
  const answer = messagePage({
    status: UNAUTHORIZED,
    title: 'Control token needed',
    text: 'Sign in with the control token of this Sandbox as password.',
  });
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="Stripe Sandbox", charset="UTF-8"' } };
}

function passwordIn(header: string | null): string | null {
  const [scheme = '', value = ''] = (header ?? '').split(/\s+/);
  if (scheme.toLowerCase() !== 'basic') return null;
  return Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':');
}
