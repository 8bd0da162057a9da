import { describe, expect, it } from 'vitest';
import { tell } from './timeline-words.ts';

describe('email G2 the timeline in words', () => {
  it('says which route won', () => {
    const levels = [
      { level: 2, key: { stripe_product_id: 'prod_gold' }, result: 'no_route' },
      { level: 5, key: {}, result: 'match' },
    ];
    expect(tell('route', { levels }).detail).toBe('The one for everything');
    expect(tell('route', { levels: [{ ...levels[0], result: 'off' }] }).detail).toBe('prod_gold');
  });

  it('says what the transport answered, good or bad', () => {
    expect(tell('result', { result: 'accepted' })).toMatchObject({ title: 'Accepted by the transport', tone: 'ok' });
    expect(tell('result', { result: 'rejected', code: '550', text: 'No such user' })).toMatchObject({
      tone: 'bad',
      detail: '550 · No such user',
    });
  });

  it('says why nothing was sent', () => {
    expect(tell('refused', { reason: 'missing_fact', field: 'invoice.number' }).detail).toBe('missing fact · invoice.number');
  });

  it('shows a kind it does not know by its name', () => {
    expect(tell('something_new', { reason: 'no_idea' })).toEqual({ title: 'Something new', tone: 'neutral', detail: 'no idea' });
  });
});
