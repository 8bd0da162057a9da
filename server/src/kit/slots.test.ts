import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

const turns = async () => {
  for (let n = 0; n < 5; n++) await Promise.resolve();
};

test('two at once, the others in the order they came, and a slot is given back once', async () => {
  const slots = createSlots(2);
  const log: string[] = [];
  const [a, b] = [await slots.take(), await slots.take()];
  for (const name of ['c', 'd']) void slots.take().then((done) => log.push(name) && setTimeout(() => done?.(), 1_000_000).unref());
  await turns();
  expect(log).toEqual([]);
  a?.();
  a?.();
  await turns();
  expect(log).toEqual(['c']);
  b?.();
  await turns();
  expect(log).toEqual(['c', 'd']);
});

test('who goes away while waiting takes nobody’s turn', async () => {
  const slots = createSlots(1);
  const first = await slots.take();
  const gone = new AbortController();
  const waiting = slots.take(gone.signal);
  const after = slots.take();
  gone.abort();
  expect(await waiting).toBeNull();
  expect(await slots.take(AbortSignal.abort())).toBeNull();
  first?.();
  expect(await after).toBeInstanceOf(Function);
});
