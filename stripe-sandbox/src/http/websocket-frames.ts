/** RFC 6455 frames, the server's side: what clients send is masked and read here, what we send is not. Pure. */

export type Message =
  | { kind: 'text'; text: string }
  | { kind: 'ping' | 'pong'; data: Buffer }
  | { kind: 'close'; code: number; reason: string };

/** Breaks the protocol; the connection ends with this close code. */
export class ProtocolError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  protocol: 1002,
  unsupported: 1003,
  noStatus: 1005,
  badData: 1007,
  tooBig: 1009,
} as const;

const OPCODES = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;
const FIN = 0x80;
const MASKED = 0x80;
const RESERVED = 0x70;
const LENGTH_BITS = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MAX_CONTROL_BYTES = 125;
const MASK_BYTES = 4;
/** Twice what the CLI sends at most (5,000 characters of a body, 20 headers). */
const MAX_MESSAGE_BYTES = 1024 * 1024;

type Frame = { fin: boolean; opcode: number; payload: Buffer; size: number };

/** Takes bytes as they come and answers the messages that are complete. Throws ProtocolError. */
export function createFrameReader(): (chunk: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let opcode: number | null = null;
  const take = (frame: Frame): Message | null => {
    if (frame.opcode >= OPCODES.close) return controlMessage(frame);
    if ((frame.opcode === OPCODES.continuation) === (opcode === null)) throw new ProtocolError(CLOSE.protocol, 'A fragment out of place.');
    opcode ??= frame.opcode;
    parts.push(frame.payload);
    if (sizeOf(parts) > MAX_MESSAGE_BYTES) throw new ProtocolError(CLOSE.tooBig, 'The message is too big.');
    if (!frame.fin) return null;
    const whole = Buffer.concat(parts);
    const kind = opcode;
    parts = [];
    opcode = null;
    if (kind !== OPCODES.text) throw new ProtocolError(CLOSE.unsupported, 'Only text is understood here.');
    return { kind: 'text', text: utf8(whole) };
  };
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    for (let frame = readFrame(rest); frame !== null; frame = readFrame(rest)) {
      rest = rest.subarray(frame.size);
      const message = take(frame);
      if (message !== null) messages.push(message);
    }
    return messages;
  };
}

export function textFrame(text: string): Buffer {
  return frameOf(OPCODES.text, Buffer.from(text, 'utf8'));
}

export function pongFrame(data: Buffer): Buffer {
  return frameOf(OPCODES.pong, data);
}

export function closeFrame(code: number, reason = ''): Buffer {
  if (code === CLOSE.noStatus) return frameOf(OPCODES.close, Buffer.alloc(0));
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2, 'utf8');
  return frameOf(OPCODES.close, payload);
}

/** The first frame of the bytes, or null while it is not all there. */
function readFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const opcode = first & 0x0f;
  if ((first & RESERVED) !== 0 || !(Object.values(OPCODES) as number[]).includes(opcode)) {
    throw new ProtocolError(CLOSE.protocol, 'A frame of an unknown kind.');
  }
  if ((second & MASKED) === 0) throw new ProtocolError(CLOSE.protocol, 'Clients must mask their frames.');
  const header = lengthOf(bytes, second & LENGTH_BITS);
  if (header === null) return null;
  if (header.length > MAX_MESSAGE_BYTES) throw new ProtocolError(CLOSE.tooBig, 'The message is too big.');
  const start = header.end + MASK_BYTES;
  const size = start + header.length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(header.end, start);
  const payload = Buffer.from(bytes.subarray(start, size));
  for (let index = 0; index < payload.length; index += 1) payload[index] = payload[index]! ^ mask[index % MASK_BYTES]!;
  return { fin: (first & FIN) !== 0, opcode, payload, size };
}

function lengthOf(bytes: Buffer, short: number): { length: number; end: number } | null {
  if (short < LENGTH_16) return { length: short, end: 2 };
  if (short === LENGTH_16) return bytes.length < 4 ? null : { length: bytes.readUInt16BE(2), end: 4 };
  return bytes.length < 10 ? null : { length: Number(bytes.readBigUInt64BE(2)), end: 10 };
}

function controlMessage({ fin, opcode, payload }: Frame): Message {
  if (!fin || payload.length > MAX_CONTROL_BYTES) throw new ProtocolError(CLOSE.protocol, 'Control frames are short and whole.');
  if (opcode === OPCODES.ping) return { kind: 'ping', data: payload };
  if (opcode === OPCODES.pong) return { kind: 'pong', data: payload };
  if (payload.length === 1) throw new ProtocolError(CLOSE.protocol, 'A close frame with half a code.');
  const code = payload.length === 0 ? CLOSE.noStatus : payload.readUInt16BE(0);
  return { kind: 'close', code, reason: payload.length > 2 ? utf8(payload.subarray(2)) : '' };
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtocolError(CLOSE.badData, 'The text is not UTF-8.');
  }
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([headerOf(opcode, payload.length), payload]);
}

function headerOf(opcode: number, length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([FIN | opcode, length]);
  if (length < 2 ** 16) {
    const header = Buffer.from([FIN | opcode, LENGTH_16, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = FIN | opcode;
  header[1] = LENGTH_64;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

function sizeOf(parts: Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
