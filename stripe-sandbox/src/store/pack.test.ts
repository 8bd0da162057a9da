import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPacker } from './pack.ts';

it('gives back any JSON as JSON itself would', () => {
  const packer = createPacker();
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(JSON.stringify(packer.unpack(packer.pack(value)))).toBe(JSON.stringify(value));
    }),
  );
});

it('leaves out what is undefined, and keeps the order of fields', () => {
  const { pack, unpack } = createPacker();
  expect(JSON.stringify(unpack(pack({ b: 1, a: undefined, c: [undefined, { d: undefined }] })))).toBe('{"b":1,"c":[null,{}]}');
});

it('writes each set of names once', () => {
  const { pack } = createPacker();
  const customer = (n: number) => ({
    id: `cus_${n}`,
    default_payment_method: null,
    invoice_settings: { custom_fields: null, footer: null },
  });
  expect(pack(customer(1))).not.toContain('default_payment_method');
  expect(pack(customer(2)).length).toBeLessThan(JSON.stringify(customer(2)).length / 3);
});

it('goes on when there are more sets of names than it wants to remember', () => {
  const { pack, unpack } = createPacker();
  const last = Array.from({ length: 5200 }, (_, n) => ({ [`key_${n}`]: n }))
    .map((value) => pack(value))
    .at(-1)!;
  expect(last).toContain('key_5199');
  expect(unpack(last)).toEqual({ key_5199: 5199 });
});
