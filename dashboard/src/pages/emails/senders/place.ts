import type { Transport } from '../../../api/types.ts';

const TLS_WORDS: Record<string, string> = { none: 'without encryption', starttls: 'STARTTLS', tls: 'TLS' };

/** Where a server is, in one line; why it fails where it does. */
export function placeOf(transport: Pick<Transport, 'host' | 'port' | 'tls' | 'user' | 'status' | 'status_reason'>): string {
  if (transport.host === null) return 'Captured mail';
  const place = `${transport.host}:${transport.port}, ${TLS_WORDS[transport.tls ?? ''] ?? transport.tls}`;
  const user = transport.user === null ? '' : ` as ${transport.user}`;
  const trouble = transport.status === 'failing' && transport.status_reason ? ` · refused with ${transport.status_reason}` : '';
  return `${place}${user}${trouble}`;
}

/** Addresses and domains as people type them: by line, comma or blank. */
export function entriesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((entry) => entry !== ''))];
}
