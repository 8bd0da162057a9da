/** A need of a room that somebody to its right fulfils. Declared in the room, bound by main.ts. */
export type Port<T> = { readonly name: string; readonly shape?: T };

export type Ports = {
  /** Plugs the implementation in; a second binding replaces the first (tests). */
  bind<T>(port: Port<T>, implementation: T): void;
  /** The implementation; throws where main.ts bound none. */
  get<T>(port: Port<T>): T;
  /** The implementation, or null where none is bound. */
  find<T>(port: Port<T>): T | null;
};

/** Declares a port; its name appears in error messages only. */
export function definePort<T>(name: string): Port<T> {
  return { name };
}

/** An empty set of bindings. */
export function createPorts(): Ports {
  const bound = new Map<Port<unknown>, unknown>();
  return {
    bind: (port, implementation) => void bound.set(port, implementation),
    find: <T>(port: Port<T>) => (bound.get(port) as T | undefined) ?? null,
    get: <T>(port: Port<T>) => {
      if (!bound.has(port)) throw new Error(`Nothing is bound to the port ${port.name}`);
      return bound.get(port) as T;
    },
  };
}
