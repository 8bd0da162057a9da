import type { Route } from '../../kernel/types.ts';
import { attachFeature, detachFeature, listProductFeatures, retrieveProductFeature } from './features.ts';

const ALL = '/v1/products/{product}/features';

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: attachFeature },
  { method: 'GET', path: ALL, run: listProductFeatures },
  { method: 'GET', path: `${ALL}/{id}`, run: retrieveProductFeature },
  { method: 'DELETE', path: `${ALL}/{id}`, run: detachFeature },
];
