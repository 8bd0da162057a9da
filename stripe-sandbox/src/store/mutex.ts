/** First come, first served. `run` waits for its turn; a throw hands the turn on. */
export type Mutex = { run<T>(fn: () => Promise<T>): Promise<T> };

export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(fn) {
      const turn = last.then(fn, fn);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** One mutex per name, forgotten when nobody waits. */
export function createMutexes(): { run<T>(name: string, fn: () => Promise<T>): Promise<T> } {
  const held = new Map<string, { mutex: Mutex; waiting: number }>();
  return {
    async run(name, fn) {
      const entry = held.get(name) ?? { mutex: createMutex(), waiting: 0 };
      held.set(name, entry);
      entry.waiting += 1;
      try {
        return await entry.mutex.run(fn);
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0) held.delete(name);
      }
    },
  };
}
