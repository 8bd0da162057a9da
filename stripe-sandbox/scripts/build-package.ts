/**
 * Builds what is published: `node stripe-sandbox/scripts/build-package.ts [folder]` writes JavaScript, types, the generated contract, README and
 * licence to stripe-sandbox/dist (or the folder), ready for `npm pack`. Nothing of the workspace around it is needed to run the result.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '..');
/** Read at run time, beside the code that reads them. */
const ASSETS = /\.(json|sql|css)$/;

if (import.meta.main) {
  buildPackage(resolve(process.argv[2] ?? join(PACKAGE, 'dist')));
}

/** Empties the folder and fills it. Throws with the compiler's words when the sources do not compile. */
export function buildPackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  compile(join(folder, 'lib'));
  copyAssets(join(folder, 'lib'));
  mkdirSync(join(folder, 'bin'));
  const bin = readFileSync(join(PACKAGE, 'bin/stripe-sandbox.mjs'), 'utf8');
  writeFileSync(join(folder, 'bin/stripe-sandbox.mjs'), bin.replaceAll(/(['"])\.\.\/src\/([\w/-]+)\.ts\1/g, '$1../lib/$2.js$1'), {
    mode: 0o755,
  });
  cpSync(join(PACKAGE, 'README.md'), join(folder, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  for (const name of ['docs', 'examples']) cpSync(join(PACKAGE, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

function compile(outDir: string): void {
  const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(PACKAGE, 'tsconfig.build.json'), '--outDir', outDir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The package does not compile:\n${stdout}${stderr}`);
}

function copyAssets(lib: string): void {
  const source = join(PACKAGE, 'src');
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!ASSETS.test(name)) continue;
    mkdirSync(dirname(join(lib, name)), { recursive: true });
    cpSync(join(source, name), join(lib, name));
  }
}

/** The workspace's manifest with the entry points of the built files. Drivers and the SDK are the user's own, and only needed for what uses them. */
function manifest(): object {
  const { name, version, license, description, dependencies, keywords } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  return {
    name,
    version,
    type: 'module',
    license,
    description,
    keywords,
    engines: { node: '>=22.1' },
    exports: {
      '.': { types: './lib/index.d.ts', default: './lib/index.js' },
      './testing': { types: './lib/testing/index.d.ts', default: './lib/testing/index.js' },
    },
    bin: { 'stripe-sandbox': 'bin/stripe-sandbox.mjs' },
    ...(dependencies === undefined ? {} : { dependencies }),
    peerDependencies: { stripe: '>=23', pg: '>=8', '@electric-sql/pglite': '>=0.3' },
    peerDependenciesMeta: { stripe: { optional: true }, pg: { optional: true }, '@electric-sql/pglite': { optional: true } },
  };
}
