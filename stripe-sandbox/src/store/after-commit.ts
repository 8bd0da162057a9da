/** Runs what was put off during a write, in order, once the write has ended; nothing of it runs when the write throws. */
export async function withAfterCommit<T>(write: (afterCommit: (run: () => void) => void) => Promise<T>): Promise<T> {
  const waiting: (() => void)[] = [];
  const result = await write((run) => void waiting.push(run));
  for (const run of waiting) run();
  return result;
}
