/** The server's public API, as anybody with its key would use it. */
export type Api = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Every page of a list. */
  list<T>(path: string): Promise<T[]>;
};

const PAGE = 100;
/** An endless list is a mistake of ours, not a long demo. */
const PAGES_MAX = 100;

/** A client of one environment. Throws with the server's own words when it refuses. */
export function apiOf(a: { url: string; apiKey: string }): Api {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${a.apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(new URL(path, a.url), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const answer = (await response.json()) as T & { error?: { code: string; message: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.error?.code}: ${answer.error?.message}`);
    return answer;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    list: async <T>(path: string) => {
      const all: T[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES_MAX; page++) {
        const query = `${path.includes('?') ? '&' : '?'}limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
        const answer: { data: T[]; next_cursor: string | null } = await call('GET', path + query);
        all.push(...answer.data);
        cursor = answer.next_cursor;
        if (cursor === null) return all;
      }
      throw new Error(`${path} has more than ${PAGES_MAX} pages`);
    },
  };
}
