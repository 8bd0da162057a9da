/**
 * Own process (`node --expose-gc`): 100,000 customers in the memory store, then thousands of further reads and updates. Prints megabytes of heap:
 * what the objects with their events take, and by how much the further requests let it grow.
 */
import { call, startLife } from './sandbox-life.ts';

const OBJECTS = Number(process.argv[2] ?? 100_000);
const FURTHER = 20_000;

const life = await startLife();
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};
const before = heap();
for (let n = 0; n < OBJECTS; n++)
  await call(life, { method: 'POST', path: '/v1/customers', body: `name=Customer+${n}&email=c${n}%40example.com` });
const { data } = await life.stripe.customers.list({ limit: 100 });
const full = heap();
for (let n = 0; n < FURTHER; n++) {
  await call(life, { method: 'GET', path: `/v1/customers/${data[n % 100]!.id}` });
  await call(life, { method: 'GET', path: `/v1/customers?limit=3&email=c${n}%40example.com` });
}
console.log(JSON.stringify({ objects: full - before, growth: heap() - full }));
