import { expect, test } from 'vitest';
import { decideStatus, type Proof } from './decide-status.ts';
import type { DnsRecord } from './sender.ts';

const record = (name: DnsRecord['record'], ok: boolean): DnsRecord => ({ record: name, name: 'x', expected: '', found: null, ok });
const proof = (a: Partial<Proof>): Proof => ({ mode: 'live', status: 'pending', isCaptured: false, wasTestReceived: false, dns: {}, ...a });
const aligned = { records: [record('spf', false), record('dkim', true)] };

const cases: [string, Partial<Proof>, string][] = [
  ['nothing proved', {}, 'pending'],
  ['test mail alone is not enough in live', { wasTestReceived: true }, 'pending'],
  ['records alone are not enough', { dns: aligned }, 'pending'],
  ['both', { wasTestReceived: true, dns: aligned }, 'verified'],
  ['DMARC and MX align nothing', { wasTestReceived: true, dns: { records: [record('dmarc', true), record('mx', true)] } }, 'pending'],
  ['had it and lost the records', { status: 'verified', wasTestReceived: true }, 'failing'],
  ['got the records back', { status: 'failing', wasTestReceived: true, dns: aligned }, 'verified'],
  ['moved to another server', { status: 'verified' }, 'pending'],
  ['test: the mail is enough', { mode: 'test', wasTestReceived: true }, 'verified'],
  ['test: nothing proved', { mode: 'test' }, 'pending'],
  ['captured mail in a sandbox', { mode: 'sandbox', isCaptured: true }, 'verified'],
  ['captured mail in live', { isCaptured: true, wasTestReceived: true, dns: aligned }, 'pending'],
  ['switched off stays off', { status: 'disabled', wasTestReceived: true, dns: aligned }, 'disabled'],
];
for (const [name, given, expected] of cases) test(`[S1] ${name}`, () => expect(decideStatus(proof(given))).toBe(expected));
