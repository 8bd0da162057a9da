import { describe, expect, it } from 'vitest';
import { connectionNeeds, countNeed } from './needs.ts';

const healthy = { status: 'active' as const, status_reason: null, webhook_problem: null, permissions: [] };

describe('what needs a person', () => {
  it('asks for a connection first, and for nothing when it is healthy', () => {
    expect(connectionNeeds([]).map(({ id }) => id)).toEqual(['connect']);
    expect(connectionNeeds([{ ...healthy, status: 'disconnected' }]).map(({ id }) => id)).toEqual(['connect']);
    expect(connectionNeeds([healthy])).toEqual([]);
  });

  it('names a withdrawn access, a missing permission and polling', () => {
    const missing = { permission: 'Events', access: 'Read-only', status: 'missing' as const, required: true, used_for: 'Polling' };
    const needs = connectionNeeds([{ ...healthy, status: 'revoked', webhook_problem: 'No public address.', permissions: [missing] }]);
    expect(needs.map(({ id }) => id)).toEqual(['revoked', 'webhook', 'permissions']);
    expect(needs.at(-1)?.detail).toBe('Events');
  });

  it('counts, and says when there are more than it has seen', () => {
    expect(countNeed('refused', { data: [], has_more: false })).toEqual([]);
    expect(countNeed('refused', { data: [1], has_more: false })[0]?.title).toBe('1 mail was refused');
    expect(countNeed('dead', { data: [1, 2], has_more: true })[0]?.title).toBe('More than 2 events were given up');
  });
});
