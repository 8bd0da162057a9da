import { createServer } from 'node:net';

/** The wanted port if nobody listens there, else 0: any free one. A port named in the environment is taken as it is. */
export async function portOrFree(a: { host: string; port: number; named: string | undefined }): Promise<number> {
  if (a.named !== undefined && a.named !== '') return Number(a.named);
  return (await isFree(a.host, a.port)) ? a.port : 0;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
