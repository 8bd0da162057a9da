import './parent-watch.ts';
import { buildDashboard } from './lib/dashboard.ts';
import { load } from './lib/root.ts';
import { prepareDatabase } from './lib/template.ts';

/** `npm run demo`: a believable company in a fresh `./data-demo`; keeps serving afterwards, `-- --exit` ends it. */
await buildDashboard();
await prepareDatabase();
await load('server/src/demo/run.ts');
