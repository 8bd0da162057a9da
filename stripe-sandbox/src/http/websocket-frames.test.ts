import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeFrame, createFrameReader, type Message, ProtocolError, pongFrame, textFrame } from './websocket-frames.ts';

/** A client's frame, written from the RFC's figure and not from our reader. */
function masked(opcode: number, payload: Buffer, options: { fin?: boolean; mask?: number[] } = {}): Buffer {
  const { fin = true, mask = [0x11, 0x22, 0x33, 0x44] } = options;
  const bytes = [(fin ? 0x80 : 0) | opcode];
  if (payload.length <= 125) bytes.push(0x80 | payload.length);
  else if (payload.length <= 0xffff) bytes.push(0x80 | 126, payload.length >> 8, payload.length & 0xff);
  else bytes.push(0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (payload.length >>> shift) & 0xff));
  return Buffer.concat([Buffer.from([...bytes, ...mask]), Buffer.from(payload.map((byte, index) => byte ^ mask[index % 4]!))]);
}

/** What a client reads of our frames: never masked, always whole. */
function unmasked(frame: Buffer): { opcode: number; payload: Buffer } {
  const short = frame[1]!;
  expect(short & 0x80).toBe(0);
  const [start, length] = short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
  expect(frame.length).toBe(start + length);
  return { opcode: frame[0]! & 0x0f, payload: frame.subarray(start) };
}

const readAll = (chunks: Buffer[]): Message[] => {
  const read = createFrameReader();
  return chunks.flatMap(read);
};
const faultOf = (...chunks: Buffer[]): number | null => {
  try {
    readAll(chunks);
    return null;
  } catch (error) {
    return (error as ProtocolError).code;
  }
};

test('whatever the texts, their fragments and the chunks they arrive in, the messages are the same', () => {
  const texts = fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 4 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      (sent, steps, mask) => {
        const stream = Buffer.concat(
          sent.flatMap(([text, cuts]) => {
            const bytes = Buffer.from(text);
            const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
            return at
              .slice(1)
              .map((end, index) =>
                masked(index === 0 ? 1 : 0, bytes.subarray(at[index], end), { fin: index === at.length - 2, mask: [...mask] }),
              );
          }),
        );
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = steps[turn % steps.length]!;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(readAll(chunks)).toEqual(sent.map(([text]) => ({ kind: 'text', text })));
      },
    ),
  );
});

test('what is written is read by a client, at every length of the header', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
    const { opcode, payload } = unmasked(textFrame('ü'.repeat(length)));
    expect([opcode, payload.toString()]).toEqual([1, 'ü'.repeat(length)]);
  }
  expect(unmasked(pongFrame(Buffer.from('hi')))).toEqual({ opcode: 0xa, payload: Buffer.from('hi') });
  const close = unmasked(closeFrame(1001, 'bye'));
  expect([close.opcode, close.payload.readUInt16BE(0), close.payload.subarray(2).toString()]).toEqual([8, 1001, 'bye']);
  expect(unmasked(closeFrame(1005))).toEqual({ opcode: 8, payload: Buffer.alloc(0) });
});

test('control frames may stand between the fragments of a text', () => {
  const messages = readAll([
    masked(1, Buffer.from('to'), { fin: false }),
    masked(9, Buffer.from('ping')),
    masked(0, Buffer.from('gether')),
    masked(0xa, Buffer.alloc(0)),
    masked(8, Buffer.from([0x03, 0xe8, 0x6f, 0x6b])),
  ]);
  expect(messages).toEqual([
    { kind: 'ping', data: Buffer.from('ping') },
    { kind: 'text', text: 'together' },
    { kind: 'pong', data: Buffer.alloc(0) },
    { kind: 'close', code: 1000, reason: 'ok' },
  ]);
  expect(readAll([masked(8, Buffer.alloc(0))])).toEqual([{ kind: 'close', code: 1005, reason: '' }]);
});

test('what breaks the protocol ends with the code that says why', () => {
  const text = (bytes: number[]) => Buffer.from(bytes);
  const cases: [string, number, Buffer[]][] = [
    ['not masked', 1002, [textFrame('hi')]],
    ['a reserved bit', 1002, [Buffer.from([0xc1, 0x80, 0, 0, 0, 0])]],
    ['an unknown kind', 1002, [masked(3, Buffer.alloc(0))]],
    ['a continuation of nothing', 1002, [masked(0, Buffer.from('x'))]],
    ['a new text inside another', 1002, [masked(1, Buffer.from('a'), { fin: false }), masked(1, Buffer.from('b'))]],
    ['a ping in pieces', 1002, [masked(9, Buffer.alloc(0), { fin: false })]],
    ['a long ping', 1002, [masked(9, Buffer.alloc(126))]],
    ['half a close code', 1002, [masked(8, Buffer.from([3]))]],
    ['binary', 1003, [masked(2, Buffer.from('x'))]],
    ['no UTF-8', 1007, [masked(1, text([0xff, 0xfe]))]],
    ['one frame too big', 1009, [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff])]],
    ['fragments too big together', 1009, [masked(1, Buffer.alloc(700_000, 97), { fin: false }), masked(0, Buffer.alloc(700_000, 97))]],
  ];
  for (const [name, code, chunks] of cases) expect([name, faultOf(...chunks)]).toEqual([name, code]);
  expect(new ProtocolError(1002, 'x')).toBeInstanceOf(Error);
});
