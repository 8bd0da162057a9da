import { expect, it } from 'vitest';
import { tagOf } from './fact-tag.ts';

it('email L2.4 an inserted fact is written so that lint accepts it', () => {
  expect(tagOf({ path: 'invoice.total', type: 'money', required: true })).toBe('{{ invoice.total | money }}');
  expect(tagOf({ path: 'trial.end', type: 'date', required: false })).toBe('::: if trial.end\n{{ trial.end | date }}\n:::');
  expect(tagOf({ path: 'customer.name', type: 'string', required: false })).toBe('{{ customer.name | default: "" }}');
  expect(tagOf({ path: 'links.pay', type: 'url', required: true })).toBe('::: button {url=links.pay}\nOpen\n:::');
  expect(tagOf({ path: 'invoice.lines', type: 'list', required: true })).toBe('::: lines invoice.lines');
});
