const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True where a page of `origin` is a page of this server; the loopback names count as one while the public address is one of them. */
export function isSameOrigin(origin: string | undefined, publicUrl: string): boolean {
  return origin !== undefined && originsOf(publicUrl).includes(origin);
}

/** The public address as origins a browser may send. */
export function originsOf(publicUrl: string): string[] {
  const url = new URL(publicUrl);
  if (!LOOPBACK.has(url.hostname)) return [url.origin];
  return [...LOOPBACK].map((name) => `${url.protocol}//${name}${url.port === '' ? '' : `:${url.port}`}`);
}
