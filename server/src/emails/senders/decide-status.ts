/** Whether a sender may send, from what it has proved (email.md S1). Pure. */
import type { Mode } from '../../kit/context.ts';
import type { DnsState } from './sender.ts';

export type Proof = {
  mode: Mode;
  status: string;
  /** Captured mail proves nothing and needs no proof. */
  isCaptured: boolean;
  wasTestReceived: boolean;
  dns: DnsState;
};

/**
 * A live sender needs a received test mail, and SPF or DKIM of its own domain; elsewhere the test mail is enough, since only people on the
 * allow-list are written to. A sender that a person switched off stays off.
 */
export function decideStatus(a: Proof): 'pending' | 'verified' | 'failing' | 'disabled' {
  if (a.status === 'disabled') return 'disabled';
  if (a.isCaptured) return a.mode === 'live' ? 'pending' : 'verified';
  const isAligned = (a.dns.records ?? []).some(({ record, ok }) => ok && (record === 'spf' || record === 'dkim'));
  const isProved = a.wasTestReceived && (a.mode !== 'live' || isAligned);
  if (isProved) return 'verified';
  // Had it and lost it: its mail is held, and no other sender takes its place.
  return a.wasTestReceived && a.status !== 'pending' ? 'failing' : 'pending';
}
