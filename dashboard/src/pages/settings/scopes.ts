/** What a key may do, in a few words. */
export function scopeWords(scopes: string[]): string {
  if (scopes.includes('full')) return 'everything';
  if (scopes.includes('read_only')) return 'read everything';
  return scopes.length > 3 ? `${scopes.slice(0, 3).join(', ')} and ${scopes.length - 3} more` : scopes.join(', ');
}

/** Scopes as people type them, by blanks or commas. */
export function parseScopes(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ''))];
}
