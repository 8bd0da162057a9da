/** Own process: prints the milliseconds from createSandbox to the first answer, once with cold modules and once with warm ones. */
import { call, startLife } from './sandbox-life.ts';

const times: number[] = [];
for (let round = 0; round < 4; round++) {
  const started = performance.now();
  const life = await startLife();
  await call(life, { method: 'POST', path: '/v1/customers', body: 'name=First' });
  times.push(performance.now() - started);
  await life.sandbox.close();
}
console.log(JSON.stringify({ cold: times[0], warm: Math.min(...times.slice(1)) }));
