import './parent-watch.ts';
import { at } from './lib/root.ts';
import { runNode } from './lib/run.ts';

/**
 * `npm run dev`: the server restarts when one of its files changes, the pages reload by themselves (Vite, which passes API
 * calls on to the server). Ends when either ends.
 */
const server = runNode(['--watch', '--watch-preserve-output', at('server/src/main.ts'), ...process.argv.slice(2)]);
const pages = runNode([at('node_modules/vite/bin/vite.js'), '--host', '127.0.0.1'], { cwd: at('dashboard') });
const { code } = await Promise.race([server, pages]);
process.emit('SIGTERM', 'SIGTERM');
await Promise.all([server, pages]);
process.exit(code);
