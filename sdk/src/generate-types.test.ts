import { describe, expect, it } from 'vitest';
import { typesOf } from './generate-types.ts';

const answer = (schema: object) => ({ 200: { content: { 'application/json': { schema } } } });

describe('types from the API document', () => {
  it('gives each component and each operation its type, in a fixed order', () => {
    const text = typesOf({
      components: {
        schemas: { Plan: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, note: { type: ['string', 'null'] } } } },
      },
      paths: {
        '/v1/plans': {
          post: {
            responses: answer({ $ref: '#/components/schemas/Plan' }),
            requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
          },
          get: {
            parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
            responses: answer({ type: 'array', items: { $ref: '#/components/schemas/Plan' } }),
          },
        },
      },
    });
    expect(text).toContain('note?: string | null | undefined;');
    expect(text).toContain("response: Components['Plan'][];");
    expect(text.indexOf("'GET /v1/plans'")).toBeLessThan(text.indexOf("'POST /v1/plans'"));
  });

  it('keeps enums, constants and unions', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: { a: { anyOf: [{ const: 'next' }, { enum: [1, 2] }, { type: 'null' }] } },
    };
    expect(typesOf({ paths: { '/x': { get: { responses: answer(schema) } } } })).toContain("a: 'next' | 1 | 2 | null;");
  });

  it('refuses a type it does not know instead of guessing', () => {
    expect(() => typesOf({ paths: { '/x': { get: { responses: answer({ type: 'file' }) } } } })).toThrow('file');
  });

  it('refuses a component that is only a reference to itself', () => {
    const schemas = { Plan: { $ref: '#/components/schemas/Plan' } };
    expect(() => typesOf({ paths: {}, components: { schemas } })).toThrow('Plan');
  });
});
