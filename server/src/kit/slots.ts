/** So many at once and no more; the others wait in the order they came. For what costs memory while it lasts. */
export type Slots = {
  /** Resolves when it is the caller's turn, with the function that gives the slot back; null where `signal` fired first. */
  take(signal?: AbortSignal): Promise<(() => void) | null>;
};

export function createSlots(most: number): Slots {
  let free = most;
  const waiting: (() => void)[] = [];
  const giveBack = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const held = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (isHeld) giveBack();
      isHeld = false;
    };
  };
  return {
    take: (signal) => {
      if (signal?.aborted) return Promise.resolve(null);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(held());
      }
      return new Promise((resolve) => {
        const leave = () => {
          const at = waiting.indexOf(turn);
          if (at >= 0) waiting.splice(at, 1);
          resolve(null);
        };
        const turn = () => {
          signal?.removeEventListener('abort', leave);
          resolve(held());
        };
        waiting.push(turn);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
