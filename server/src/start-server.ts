import {
  createAuthenticate,
  createSignIn,
  ensureFirstOrganization,
  Held,
  readInstallation,
  resumeAdvances,
  SignInDesk,
  sandboxEnvironments,
} from './accounts/index.ts';
import type { Config } from './config.ts';
import { type HttpServer, openHttp } from './doors/api/index.ts';
import { dashboardDoor, signInDoor } from './doors/dashboard/index.ts';
import { docsDoor } from './doors/docs/index.ts';
import { type MailboxListener, startMailbox } from './doors/mailbox/index.ts';
import { stopEmails } from './emails/index.ts';
import { type FirstRunFile, readFirstRun } from './first-run-file.ts';
import { alignAll, connectFirst, knownConnection, repairFirst, writeFirstRun } from './first-start.ts';
import { createApp, listenForWakes } from './kit/app.ts';
import type { App } from './kit/context.ts';
import type { DataDir } from './kit/data-dir.ts';
import type { Database } from './kit/engine.ts';
import { messageOf } from './kit/errors.ts';
import { systemIds } from './kit/ids.ts';
import { readSetting, writeSetting } from './kit/instance-settings.ts';
import { createLog } from './kit/log.ts';
import { hostClock, type MachineClock } from './kit/machine-clock.ts';
import { migrate, readMigrations } from './kit/migrations.ts';
import { forgetDeadHolders } from './kit/recovery.ts';
import { openRooms } from './kit/room.ts';
import { openDatabase } from './open-database.ts';
import { liveEngineProblem } from './providers/stripe/index.ts';
import { rooms } from './rooms.ts';
import { openSandbox, type RunningSandbox, readSandboxAhead } from './sandbox.ts';

export type StartInput = {
  /** The port fields and the public address are set to what was really opened. */
  config: Config;
  dataDir: DataDir;
  /** Default: the one the configuration names. */
  database?: Database;
  machineClock?: MachineClock;
};

export type Server = { app: App; url: string; firstRun: FirstRunFile; sandbox: RunningSandbox['sandbox']; close(): Promise<void> };

const RESUME_EVERY_MS = 10_000;
const BEFORE_CATCHING_UP_MS = 20;
/** The mailbox captures mail of this machine only, whatever address the API listens on. */
const LOOPBACK = '127.0.0.1';
const ANY_PORT = 0;

/** Starts everything in this process: database, rooms, HTTP, readers. /readyz answers 200 a moment before this resolves, when the work left over is taken up. */
export async function startServer(a: StartInput): Promise<Server> {
  const { config, dataDir } = a;
  const machineClock = a.machineClock ?? hostClock();
  const ids = systemIds(machineClock);
  const log = createLog({ level: config.logLevel });
  const database = a.database ?? (await openDatabase(a));
  // The first start needs the Sandbox before it is ready: its modules are read while the tables are made.
  if (readFirstRun(dataDir) === null) readSandboxAhead(log);
  await migrate(database.pool, await readMigrations());
  await forgetDeadHolders(database);
  const app = createApp({ config, database, masterKey: dataDir.masterKey(config.masterKey, ids.random), log, machineClock, ids });
  await openRooms(app, rooms);
  await app.jobs.start();
  const first = await ensureFirstOrganization(app);
  const state = { isReady: false };
  const http = await openWeb(app, database, state);
  const sandbox = await openSandbox(app, database);
  const mailbox = await openMailbox(app);
  const stopListening = await listenForWakes(app, database);
  await holdWhereUnconfirmed(app);
  const known = await knownConnection(app, first);
  const connection = known ?? (await connectFirst(app, first));
  const told = await writeFirstRun({ app, dataDir, first, sandbox, mailbox, connection });
  state.isReady = true;
  // Ready first, then catching up: whoever waits for it is answered before the reading of the Sandbox's modules takes the process.
  await hostClock().sleep(BEFORE_CATCHING_UP_MS);
  const firstRun = known === null ? told : await repairFirst({ app, dataDir, first, told });
  await sandbox.begin();
  await alignAll(app);
  const stopResuming = keepResuming(app);
  if (config.role !== 'web') app.queues.start();
  const close = async () => {
    state.isReady = false;
    app.lifetime.abort();
    stopResuming();
    await http.close();
    await sandbox.close();
    await app.queues.stop();
    await stopEmails(app);
    await app.jobs.stop();
    await mailbox.close();
    await stopListening();
    await database.close();
  };
  return { app, url: http.publicUrl(), firstRun, sandbox: sandbox.sandbox, close };
}

/** A worker answers /healthz and /readyz only, and learns the public address from the others. */
async function openWeb(app: App, database: Database, state: { isReady: boolean }): Promise<HttpServer> {
  const { config } = app;
  const isWorker = config.role === 'worker';
  const http = await openHttp({
    app,
    rooms: isWorker ? [] : rooms,
    authenticate: createAuthenticate(app, () => app.ports.get(SignInDesk)),
    doors: isWorker ? [] : [signInDoor(app), docsDoor(), dashboardDoor()],
    isReady: () => state.isReady,
  });
  const address = await http.listen();
  config.port = Number(new URL(address).port);
  config.publicUrl ??= (isWorker ? await readSetting(app, 'public_url') : null) ?? address;
  if (!isWorker) await writeSetting(app, 'public_url', config.publicUrl);
  app.ports.bind(SignInDesk, createSignIn(app, { plainDb: database.plainDb, publicUrl: config.publicUrl }));
  return http;
}

/**
 * Captures mail by SMTP. What it takes goes into the database, so every process hands its own mails to a listener of its own: one that may not
 * have the port that people use (a worker, a second process on this machine) takes any free one.
 */
async function openMailbox(app: App): Promise<MailboxListener> {
  const { role, smtpPort } = app.config;
  const listener = await startMailbox(app, { host: LOOPBACK, port: role === 'worker' ? ANY_PORT : smtpPort }).catch((error: unknown) => {
    if (app.engine === 'pglite') throw new Error(`The mailbox cannot listen on port ${smtpPort}: ${messageOf(error)}`);
    app.log.warn('mailbox_on_another_port', { reason: messageOf(error) });
    return startMailbox(app, { host: LOOPBACK, port: ANY_PORT });
  });
  app.config.smtpPort = listener.port;
  return listener;
}

/**
 * A copy of a Live database works for its sandboxes only, until an owner confirms it (D13); and so does a server on which a Live connection
 * would not be accepted, until it is put right and started again (reliability.md 7.4).
 */
async function holdWhereUnconfirmed(app: App): Promise<void> {
  const problem = await liveEngineProblem(app);
  const installation = await readInstallation(app);
  let held = problem ?? (installation.isHeld ? installation.reason : null);
  if (held !== null) {
    app.queues.restrictTo(async () => (await sandboxEnvironments(app)).map((environment) => environment.id));
    app.log.warn('held', { reason: held });
  }
  const release = () => {
    held = null;
    app.queues.restrictTo(null);
  };
  app.ports.bind(Held, { reason: () => held, problem: () => problem, release });
}

/** At start and then every ten seconds: an advance whose process has died is taken over once its lease has run out. */
function keepResuming(app: App): () => void {
  let callOff = () => {};
  const round = () => {
    resumeAdvances(app).catch((error: unknown) => app.log.error('resume_failed', { error }));
    callOff = app.machineClock.after(RESUME_EVERY_MS, round);
  };
  round();
  return () => callOff();
}
