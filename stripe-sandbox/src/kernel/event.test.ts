import { describe, expect, it } from 'vitest';
import { difference, publicCopy } from './event.ts';

describe('previous_attributes', () => {
  it('shows changed keys as they were, nested objects reduced to what changed', () => {
    const before = { status: 'draft', number: null, status_transitions: { finalized_at: null, paid_at: null }, amount: 5 };
    const after = { status: 'open', number: 'A-0001', status_transitions: { finalized_at: 9, paid_at: null }, amount: 5 };
    expect(difference(before, after)).toEqual({ status: 'draft', number: null, status_transitions: { finalized_at: null } });
  });

  it('shows a new metadata key as null and a list by its former data', () => {
    expect(difference({ metadata: {} }, { metadata: { foo: 'x' } })).toEqual({ metadata: { foo: null } });
    const list = (data: object[]) => ({ lines: { object: 'list', data, has_more: false, total_count: data.length, url: '/x' } });
    expect(difference(list([]), list([{ id: 'il_1' }]))).toEqual({ lines: { data: [], total_count: 0 } });
  });

  it('shows another object in the same place whole', () => {
    expect(difference({ price: { id: 'price_1', amount: 1 } }, { price: { id: 'price_2', amount: 1 } })).toEqual({
      price: { id: 'price_1', amount: 1 },
    });
  });
});

describe('public copies', () => {
  it('lose the Sandbox’s own keys, but not a metadata key that begins alike', () => {
    const doc = {
      object: 'customer',
      _clock: null,
      metadata: { _mine: 'kept' },
      nested: { object: 'card', _number: 'gone', last4: '4242' },
    };
    expect(publicCopy(doc)).toEqual({ object: 'customer', metadata: { _mine: 'kept' }, nested: { object: 'card', last4: '4242' } });
  });
});
