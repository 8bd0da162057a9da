import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataDir } from './kit/data-dir.ts';

/** `<data dir>/first-run.json`, 0600: what a person or a script needs to begin. The names are public. */
export type FirstRunFile = {
  dashboard_url: string;
  sign_in_url: string | null;
  environment_id: string;
  api_key: string | null;
  connection_id: string | null;
  webhook_url: string | null;
  webhook_secret: string | null;
  stripe_sandbox: { url: string; secret_key: string | null } | null;
  smtp: { host: string; port: number } | null;
};

const NAME = 'first-run.json';

/** The file of an earlier start, or null. Secrets are shown once, so this file is the only place that still has them. */
export function readFirstRun(dataDir: DataDir): FirstRunFile | null {
  try {
    return JSON.parse(readFileSync(join(dataDir.path, NAME), 'utf8')) as FirstRunFile;
  } catch {
    return null;
  }
}

/** Writes the file anew at every start: addresses are the present ones, what is no longer known is kept from before. */
export function storeFirstRun(dataDir: DataDir, now: FirstRunFile): FirstRunFile {
  const before = readFirstRun(dataDir);
  const isSame = before?.environment_id === now.environment_id;
  const kept = isSame ? before : null;
  const file: FirstRunFile = {
    ...now,
    api_key: now.api_key ?? kept?.api_key ?? null,
    connection_id: now.connection_id ?? kept?.connection_id ?? null,
    webhook_secret: now.webhook_secret ?? kept?.webhook_secret ?? null,
    stripe_sandbox: now.stripe_sandbox && {
      ...now.stripe_sandbox,
      secret_key: now.stripe_sandbox.secret_key ?? kept?.stripe_sandbox?.secret_key ?? null,
    },
  };
  const complete = { ...file, webhook_url: file.webhook_url ?? webhookUrl(file) };
  dataDir.writePrivate(NAME, `${JSON.stringify(complete, null, 2)}\n`);
  return complete;
}

function webhookUrl(file: FirstRunFile): string | null {
  return file.connection_id === null ? null : `${file.dashboard_url}/webhooks/stripe/${file.connection_id}`;
}
