import { describe, expect, it } from 'vitest';
import type { Version as VersionSummary } from '../../../api/types.ts';
import { slotsOf, versionsOf } from './choose-version.ts';

const version = (number: number, status: string, variant = 'default', locale = 'en') =>
  ({ id: `v${number}`, number, status, variant, locale }) as VersionSummary;

describe('which version the editor opens', () => {
  it('the default text in English comes first, then languages, then variants', () => {
    const versions = [version(1, 'approved', 'no_payment_method'), version(2, 'approved', 'default', 'de'), version(3, 'approved')];
    expect(slotsOf(versions).map(({ variant, locale }) => `${variant}.${locale}`)).toEqual([
      'default.en',
      'default.de',
      'no_payment_method.en',
    ]);
  });

  it('opens the draft beside the version it would replace', () => {
    const versions = [version(1, 'retired'), version(2, 'approved'), version(3, 'needs_fix'), version(4, 'draft', 'default', 'de')];
    const { draft, published } = versionsOf(versions, { variant: 'default', locale: 'en' });
    expect([draft?.number, published?.number]).toEqual([3, 2]);
  });
});
