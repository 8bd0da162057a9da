import { readConfig } from '../config.ts';
import { DataDirInUse } from '../kit/data-dir.ts';
import { type Demo, runDemo } from './demo.ts';
import { portOrFree } from './free-port.ts';
import { formatSummary } from './summary.ts';

/** `npm run demo`: a believable company in a fresh ./data-demo. Keeps serving after the summary; `-- --exit` ends it. */
const FOLDER = './data-demo';
const CANNOT_START = 1;
const IN_USE = 2;

try {
  const demo = await runDemo(await demoConfig());
  process.stdout.write(`${formatSummary(demo.summary)}\n\nPlayed in ${demo.seconds} s.\n`);
  if (process.argv.includes('--exit')) await end(demo);
  else keepServing(demo);
} catch (error) {
  const text = error instanceof DataDirInUse ? `${error.message} End the demo that is running there first.` : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(error instanceof DataDirInUse ? IN_USE : CANNOT_START);
}

/** The usual configuration, but for a folder of its own, the embedded database, and free ports where the usual ones are taken. */
async function demoConfig() {
  const { env } = process;
  const usual = readConfig({ env: { BILLOW_LOG_LEVEL: 'warn', ...env, DATABASE_URL: '', BILLOW_ROLE: 'all' } });
  const { host } = usual;
  return {
    ...usual,
    dataDir: FOLDER,
    port: await portOrFree({ host, port: usual.port, named: env.BILLOW_PORT }),
    stripeSandboxPort: await portOrFree({ host, port: usual.stripeSandboxPort, named: env.BILLOW_STRIPE_SANDBOX_PORT }),
    smtpPort: await portOrFree({ host, port: usual.smtpPort, named: env.BILLOW_SMTP_PORT }),
  };
}

function keepServing(demo: Demo): void {
  const { dashboard_url, sign_in_url } = demo.server.firstRun;
  process.stdout.write(`\nThe dashboard shows it: ${dashboard_url}\n${sign_in_url ? `Sign in once (15 minutes): ${sign_in_url}\n` : ''}`);
  process.stdout.write('Ctrl-C ends it.\n');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(demo));
}

async function end(demo: Demo): Promise<void> {
  await demo.close();
  process.exit(0);
}
