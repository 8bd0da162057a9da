import type { HookListeners, ResourceFolder, Route } from '../../kernel/types.ts';
import { removeCustomer } from './delete.ts';
import { customerIncludables } from './includables.ts';
import { customerRoutes } from './routes.ts';

export const routes: Route[] = customerRoutes;

export const hooks: HookListeners = { 'clock.deleted': async (tx, { customer }) => removeCustomer(tx, customer) };

export const includables: NonNullable<ResourceFolder['includables']> = { customer: customerIncludables };
