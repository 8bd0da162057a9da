import './parent-watch.ts';
import { buildDashboard } from './lib/dashboard.ts';
import { load } from './lib/root.ts';
import { prepareDatabase } from './lib/template.ts';

/** `npm start`: the pages are built where they are missing or stale, then this very process becomes the server. */
await buildDashboard();
await prepareDatabase();
await load('server/src/main.ts');
