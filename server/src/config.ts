/** Every environment variable the server reads, once: type, default, meaning. `--help` and the operating guide are made from this table. */

export type Role = 'all' | 'web' | 'worker';
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export type Config = {
  host: string;
  port: number;
  dataDir: string;
  databaseUrl: string | null;
  masterKey: string | null;
  publicUrl: string | null;
  role: Role;
  stripeSandboxPort: number;
  smtpPort: number;
  logLevel: LogLevel;
  /** Start held: nothing calls Stripe, sends mail or delivers webhooks until an owner confirms this database (`--hold`). */
  hold: boolean;
  /** The owner says on the command line that this database is now the primary (`--confirm-primary`). */
  confirmPrimary: boolean;
  /** How long a raw body (a webhook) may take to arrive; null: BODY_TIMEOUT_MS. Not a variable: only tests shorten it. */
  bodyTimeoutMs: number | null;
};

type Variable = { name: string; default: string; meaning: string };

export const VARIABLES = [
  { name: 'BILLOW_HOST', default: '127.0.0.1', meaning: 'Address to listen on.' },
  { name: 'BILLOW_PORT', default: '4242', meaning: 'Port of the API and the dashboard; 0 takes any free one.' },
  { name: 'BILLOW_DATA_DIR', default: './data', meaning: 'Folder of the embedded database, the master key and first-run.json.' },
  { name: 'DATABASE_URL', default: '', meaning: 'PostgreSQL 15 or later. Empty: the embedded database in the data folder.' },
  {
    name: 'BILLOW_MASTER_KEY',
    default: '',
    meaning: '32 bytes in base64 that seal secrets. Empty: made once and kept in the data folder.',
  },
  {
    name: 'BILLOW_PUBLIC_URL',
    default: '',
    meaning: 'Address under which people and Stripe reach this server. Empty: the address listened on.',
  },
  { name: 'BILLOW_ROLE', default: 'all', meaning: 'all, web (answers requests) or worker (does the queued work).' },
  { name: 'BILLOW_STRIPE_SANDBOX_PORT', default: '12111', meaning: 'Port of the Stripe Sandbox; 0 takes any free one.' },
  { name: 'BILLOW_SMTP_PORT', default: '1025', meaning: 'Port of the mailbox that captures mail; 0 takes any free one.' },
  { name: 'BILLOW_LOG_LEVEL', default: 'info', meaning: 'silent, error, warn, info or debug.' },
] as const satisfies readonly Variable[];

type Name = (typeof VARIABLES)[number]['name'];

/** Reads the configuration; throws one sentence naming the variable that is wrong. */
export function readConfig(a: { env: Record<string, string | undefined>; args?: readonly string[] }): Config {
  const read = (name: Name) => a.env[name]?.trim() || VARIABLES.find((variable) => variable.name === name)?.default || '';
  const args = a.args ?? [];
  return {
    host: read('BILLOW_HOST'),
    port: portNumber('BILLOW_PORT', read('BILLOW_PORT')),
    dataDir: read('BILLOW_DATA_DIR'),
    databaseUrl: read('DATABASE_URL') || null,
    masterKey: read('BILLOW_MASTER_KEY') || null,
    publicUrl: publicUrl(read('BILLOW_PUBLIC_URL')),
    role: oneOf('BILLOW_ROLE', read('BILLOW_ROLE'), ['all', 'web', 'worker']),
    stripeSandboxPort: portNumber('BILLOW_STRIPE_SANDBOX_PORT', read('BILLOW_STRIPE_SANDBOX_PORT')),
    smtpPort: portNumber('BILLOW_SMTP_PORT', read('BILLOW_SMTP_PORT')),
    logLevel: oneOf('BILLOW_LOG_LEVEL', read('BILLOW_LOG_LEVEL'), ['silent', 'error', 'warn', 'info', 'debug']),
    hold: args.includes('--hold'),
    confirmPrimary: args.includes('--confirm-primary'),
    bodyTimeoutMs: null,
  };
}

/** The text of `--help`. */
export function helpText(): string {
  const lines = VARIABLES.map(
    (variable) => `  ${variable.name.padEnd(28)} ${variable.meaning}${variable.default ? ` [${variable.default}]` : ''}`,
  );
  return ['Billow. Environment variables:', ...lines, 'Options: --hold  --confirm-primary  --help', ''].join('\n');
}

const HIGHEST_PORT = 65_535;

function portNumber(name: Name, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > HIGHEST_PORT)
    throw new Error(`${name} must be a port number from 0 to ${HIGHEST_PORT}, not "${text}".`);
  return port;
}

function oneOf<T extends string>(name: Name, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new Error(`${name} must be one of ${allowed.join(', ')}, not "${text}".`);
  return found;
}

function publicUrl(text: string): string | null {
  if (text === '') return null;
  if (!/^https?:\/\/[^/]+\/?$/.test(text) || !URL.canParse(text)) {
    throw new Error(`BILLOW_PUBLIC_URL must be an http(s) address without a path, not "${text}".`);
  }
  return text.replace(/\/$/, '');
}
