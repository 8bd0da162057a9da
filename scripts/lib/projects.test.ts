import { expect, test } from 'vitest';
import { wantedProjects, withoutProjects } from './projects.ts';

const ALL = ['unit', 'pg', 'browser'];

test('without an option every project is wanted', () => {
  expect(wantedProjects(ALL, ['server/src/kit'])).toEqual(ALL);
});

test('projects are chosen by name, by pattern and by exclusion', () => {
  expect(wantedProjects(ALL, ['--project', 'unit', 'a.test.ts'])).toEqual(['unit']);
  expect(wantedProjects(ALL, ['--project=p*'])).toEqual(['pg']);
  expect(wantedProjects(ALL, ['--project=!browser'])).toEqual(['unit', 'pg']);
});

test('the other arguments are passed on as they are', () => {
  expect(withoutProjects(['--project', 'unit', '-t', 'a story', 'x.test.ts', '--project=pg'])).toEqual(['-t', 'a story', 'x.test.ts']);
});
