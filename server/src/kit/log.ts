import { pino } from 'pino';
import { redact } from './redact.ts';

/** What a line may carry. A field that is not declared here does not compile, so bodies and personal data cannot slip in. */
export type LogFields = Partial<{
  environment_id: string;
  request_id: string;
  connection_id: string;
  event_id: string;
  object_type: string;
  object_id: string;
  customer_id: string;
  message_id: string;
  queue: string;
  job: string;
  timer: string;
  name: string;
  method: string;
  route: string;
  status: number | string;
  code: string;
  reason: string;
  count: number;
  attempts: number;
  duration_ms: number;
  port: number;
  address: string;
  version: string;
  instant: string;
  error: unknown;
}>;

export type Log = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log whose every line carries these fields too. */
  with(fields: LogFields): Log;
};

type Level = 'debug' | 'info' | 'warn' | 'error';

/** One JSON object per line on stderr, redacted. */
export function createLog(a: { level: 'silent' | Level; write?: (line: string) => void }): Log {
  const target = a.write ? { write: a.write } : process.stderr;
  const out = pino({ level: a.level, base: null, messageKey: 'event' }, target);
  return lines((level, event, fields) => out[level](clean(fields), event), {});
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  return lines(() => {}, {});
}

function lines(write: (level: Level, event: string, fields: LogFields) => void, base: LogFields): Log {
  const at = (level: Level) => (event: string, fields?: LogFields) => write(level, event, { ...base, ...fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => lines(write, { ...base, ...fields }),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (value instanceof Error) return describe(value);
  return typeof value === 'object' && value !== null ? redact(String(value)) : value;
}

function describe(error: Error): Record<string, unknown> {
  return {
    name: error.name,
    message: redact(error.message),
    stack: redact(error.stack ?? ''),
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  };
}
