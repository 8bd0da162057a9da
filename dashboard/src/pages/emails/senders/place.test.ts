import { expect, it } from 'vitest';
import { entriesOf, placeOf } from './place.ts';

const relay = { host: 'smtp.acme.co', port: 587, tls: 'starttls', user: null, status: 'active' as const, status_reason: null };

it('says where a server is, as whom we sign in, and why it refuses us', () => {
  expect(placeOf(relay)).toBe('smtp.acme.co:587, STARTTLS');
  expect(placeOf({ ...relay, user: 'apikey' })).toBe('smtp.acme.co:587, STARTTLS as apikey');
  expect(placeOf({ ...relay, status: 'failing', status_reason: '535' })).toBe('smtp.acme.co:587, STARTTLS · refused with 535');
  expect(placeOf({ ...relay, host: null, port: null, tls: null })).toBe('Captured mail');
});

it('takes addresses and domains however they are typed, each once', () => {
  expect(entriesOf(' acme.co, ada@example.com\nacme.co;bob@x.org ')).toEqual(['acme.co', 'ada@example.com', 'bob@x.org']);
  expect(entriesOf(' \n ')).toEqual([]);
});
