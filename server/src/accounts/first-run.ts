import { type App, contextOfNobody } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { createApiKey } from './create-api-key.ts';
import { createEnvironment } from './create-environment.ts';
import { FULL } from './scopes.ts';

/** What the first start made; null values belong to later starts. */
export type FirstRun = { organizationId: string; environmentId: string; apiKey: string | null };

const NAME = 'My company';
const SANDBOX = 'Sandbox';

/**
 * On an empty database: organization "My company", a sandbox environment whose clock stands at this moment, and its first key (shown
 * only now). Later: the oldest organization and its oldest environment.
 */
export async function ensureFirstOrganization(app: App): Promise<FirstRun> {
  const existing = await app.db.selectFrom('environments').select(['id', 'organization_id']).orderBy('id').limit(1).executeTakeFirst();
  if (existing) return { organizationId: existing.organization_id, environmentId: existing.id, apiKey: null };
  return transaction(contextOfNobody(app, { actor: 'system' }), async (tx) => {
    const organizationId = newId(tx, 'organization');
    const at = tx.machineClock.now();
    await tx.db.insertInto('organizations').values({ id: organizationId, name: NAME, created_at: at, updated_at: at }).execute();
    const environment = await createEnvironment(tx, { organizationId, name: SANDBOX, slug: 'sandbox', mode: 'sandbox', first: true });
    const key = await createApiKey(tx, { environmentId: environment.id, mode: 'sandbox', name: 'First key', scopes: [FULL] });
    return { organizationId, environmentId: environment.id, apiKey: key.secret };
  });
}
