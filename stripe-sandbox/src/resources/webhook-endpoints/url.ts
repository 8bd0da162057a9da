import { invalidRequest } from '../../kernel/errors.ts';

/** An absolute http or https address. Which hosts are really reached is decided when sending. */
export function checkUrl(url: unknown): void {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw invalidRequest('Invalid URL: URL must be an absolute http or https address.', { code: 'url_invalid', param: 'url' });
  }
}
