/** A life cycle as data: each status with those it may become. */
export type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

/** True when nothing follows: the object keeps this status for ever. */
export function isTerminal<S extends string>(table: Transitions<S>, status: S): boolean {
  return table[status].length === 0;
}

/**
 * The statuses to pass through on the way from one to another, the goal last: a provider shows us only the last of several
 * changes, while each listed change stays its own step. Empty when there is nothing to do, null when no way leads there.
 */
export function wayTo<S extends string>(table: Transitions<S>, from: S, to: S): S[] | null {
  if (from === to) return [];
  const cameFrom = new Map<S, S>();
  let edge: S[] = [from];
  while (edge.length > 0 && !cameFrom.has(to)) {
    const next = edge.flatMap((status) =>
      table[status].filter((one) => one !== from && !cameFrom.has(one)).map((one) => ({ status, one })),
    );
    edge = [];
    for (const { status, one } of next) {
      if (cameFrom.has(one)) continue;
      cameFrom.set(one, status);
      edge.push(one);
    }
  }
  if (!cameFrom.has(to)) return null;
  const way: S[] = [];
  for (let status: S | undefined = to; status !== undefined && status !== from; status = cameFrom.get(status)) way.unshift(status);
  return way;
}
