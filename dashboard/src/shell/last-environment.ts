const KEY = 'billow.environment';

/** The environment this browser was in last; null without storage. */
export function lastEnvironment(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberEnvironment(slug: string): void {
  try {
    localStorage.setItem(KEY, slug);
  } catch {
    // A browser without storage starts in the first environment each time.
  }
}
