import { describe, expect, it } from 'vitest';
import { loadContract } from '../contract/contract.ts';
import { buildRegistry, folderFiles, load } from './registry.ts';

describe('the registry', () => {
  it('takes every folder, each route known to the SDK and handled once', async () => {
    const folders = await Promise.all(folderFiles().map(load));
    const registry = buildRegistry(loadContract(), folders);
    expect(registry.routes.size).toBeGreaterThan(130);
    expect([...registry.timers.keys()]).toEqual(
      expect.arrayContaining(['period_end', 'invoice_finalize', 'payment_retry', 'incomplete_expire']),
    );
  });

  it('stops the start for a handler without a route, and for two of one kind', () => {
    const run = async () => ({});
    const contract = loadContract();
    expect(() => buildRegistry(contract, [{ routes: [{ method: 'POST', path: '/v1/nonsense', run }] }])).toThrow(/No route of the SDK/);
    const route = { method: 'GET' as const, path: '/v1/customers/{customer}', run };
    expect(() => buildRegistry(contract, [{ routes: [route] }, { routes: [{ ...route, path: '/v1/customers/{id}' }] }])).toThrow(
      /Two handlers/,
    );
    const timers = { period_end: async () => undefined };
    expect(() => buildRegistry(contract, [{ timers }, { timers }])).toThrow(/Two handlers for the timer/);
  });
});
