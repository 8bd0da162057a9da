import { describe, expect, it } from 'vitest';
import { ownPath } from './own-path.ts';

describe('where a sign-in leads', () => {
  it('goes back to a page of ours', () => {
    expect(ownPath('/emails/messages?status=sent&env=sandbox')).toBe('/emails/messages?status=sent&env=sandbox');
    expect(ownPath(undefined)).toBe('/');
  });

  it('never leaves this site, whatever the address asks for', () => {
    const elsewhere = ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''];
    expect(elsewhere.map(ownPath)).toEqual(elsewhere.map(() => '/'));
  });
});
