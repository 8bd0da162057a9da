import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTerminal, type Transitions, wayTo } from './transitions.ts';

type Light = 'red' | 'green' | 'amber' | 'broken';
const LIGHTS: Transitions<Light> = { red: ['green', 'broken'], green: ['amber', 'broken'], amber: ['red', 'broken'], broken: [] };

test('[I18] the way to a status passes only through listed steps, and is the shortest one', () => {
  expect(wayTo(LIGHTS, 'red', 'red')).toEqual([]);
  expect(wayTo(LIGHTS, 'red', 'green')).toEqual(['green']);
  expect(wayTo(LIGHTS, 'red', 'amber')).toEqual(['green', 'amber']);
  expect(wayTo(LIGHTS, 'amber', 'green')).toEqual(['red', 'green']);
  expect(wayTo(LIGHTS, 'broken', 'red')).toBeNull();
});

test('only a status without successors is terminal', () => {
  expect((Object.keys(LIGHTS) as Light[]).filter((light) => isTerminal(LIGHTS, light))).toEqual(['broken']);
});

test('[I18] on any table, each step of a way is listed and the last one is the goal', () => {
  const names = ['a', 'b', 'c', 'd', 'e'] as const;
  const name = fc.constantFrom(...names);
  const table = fc.record(Object.fromEntries(names.map((one) => [one, fc.uniqueArray(name)])));
  fc.assert(
    fc.property(table, name, name, (lists, from, to) => {
      const way = wayTo(lists as unknown as Transitions<(typeof names)[number]>, from, to);
      if (way === null || way.length === 0) return way === null || from === to;
      const steps = [from, ...way];
      return way.at(-1) === to && way.every((step, index) => lists[steps[index] ?? '']?.includes(step));
    }),
  );
});
