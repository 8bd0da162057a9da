import { z } from 'zod';
import type { Mode } from '../../../kit/context.ts';
import type { StripeApi } from '../client.ts';
import { isFailure, type StripeFailure } from '../failure.ts';
import type { Connection } from './connection.ts';
import type { Capability, CapabilityStatus, Permission } from './permissions.ts';
import { PERMISSIONS } from './permissions.ts';

export type KeyKind = 'secret' | 'restricted' | 'oauth';

const anything = z.looseObject({});
const AT_ONCE = 6;

/** For e-mail alone reading is enough (email.md P14): no right to write is asked for, and none is tried. */
export type Probe = { keyKind: KeyKind; mode: Mode; key: string; purpose: Connection['purpose'] };

/**
 * Finds out which rights a credential has and leaves nothing behind: reads lists, and updates ids that cannot exist. `key` distinguishes
 * one probe from another at Stripe. Throws StripeFailure only where the credential itself is refused (401).
 */
export async function probePermissions(api: StripeApi, a: Probe): Promise<Capability[]> {
  const asked = PERMISSIONS.filter((permission) => a.mode !== 'live' || permission.name !== 'Test clocks');
  const results: Capability[] = [];
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    results.push(...(await Promise.all(asked.slice(at, at + AT_ONCE).map((permission) => probeOne(api, permission, a)))));
  }
  return results;
}

/** The required rights that are missing, by name. */
export function missingRequired(capabilities: readonly Capability[]): string[] {
  return capabilities
    .filter((capability) => capability.required && capability.status === 'missing')
    .map((capability) => capability.permission);
}

async function probeOne(api: StripeApi, permission: Permission, a: Probe): Promise<Capability> {
  const required = permission.required === true && !(permission.notForRestrictedKeys && a.keyKind === 'restricted');
  const isReading = a.purpose === 'email_only';
  const access = isReading && permission.access === 'Read and write' ? 'Read-only' : permission.access;
  const base = { permission: permission.name, access, used_for: permission.usedFor, required };
  if (permission.read === undefined) return { ...base, status: a.keyKind === 'oauth' ? 'granted_by_consent' : 'unproven' };
  const read = await attempt(() => api.get(permission.read!, anything, isList(permission.read!) ? { limit: 1 } : {}));
  const write = isReading ? undefined : permission.write;
  if (read === 'missing' || write === undefined) return { ...base, status: read };
  const wrote = await attempt(() => api.post(write.path, anything, { params: write.params, key: `billow/probe/${a.key}/${write.path}` }));
  if (wrote !== 'missing') return { ...base, status: wrote === 'granted' ? read : wrote };
  return { ...base, status: 'missing' };
}

function isList(path: string): boolean {
  return path !== '/v1/account';
}

async function attempt(call: () => Promise<unknown>): Promise<CapabilityStatus> {
  try {
    await call();
    return 'granted';
  } catch (error) {
    if (isFailure(error, 'revoked')) throw error;
    return statusOf(error);
  }
}

/** 404 for the id proves the right; 403 proves its absence; anything else proves nothing. */
function statusOf(error: unknown): CapabilityStatus {
  if (!isFailure(error)) return 'unproven';
  const { kind, detail } = error as StripeFailure;
  if (kind === 'missing' && detail.code === 'resource_missing') return 'granted';
  if (kind === 'forbidden') return 'missing';
  return 'unproven';
}
