import './parent-watch.ts';
import { load } from './lib/root.ts';
import { prepareDatabase } from './lib/template.ts';

/** `npm run bench`: every figure with its floor, measured in the same run. */
await prepareDatabase();
await load('bench/run.ts');
