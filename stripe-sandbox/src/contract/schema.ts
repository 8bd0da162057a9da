/** The generated contract's file formats. Schemas are compact because there are thousands; `check.ts` and `coerce.ts` interpret them. */

/**
 * 's' string · 'n' number · 'b' boolean · 'd' decimal string · 'empty' the empty string (unset) · 'null' · 'any'
 * e: one of these (open: others may come) · a: array · list: Stripe list · o: object with required r · m: map · u: union
 * ref: embedded Stripe object · x: an id, or one of these objects once expanded
 */
export type Schema =
  | 's'
  | 'n'
  | 'b'
  | 'd'
  | 'empty'
  | 'null'
  | 'any'
  | { e: (string | number | boolean)[]; open?: 1 }
  | { a: Schema }
  | { list: Schema }
  | { o: Record<string, Schema>; r?: string[] }
  | { m: Schema }
  | { u: Schema[] }
  | { ref: string }
  | { x: string[] };

export type RouteEntry = { method: string; path: string; sdk: string; family: string; emulated: boolean; response: string | null };
export type RoutesFile = { note: string; apiVersion: string; routes: RouteEntry[] };
export type ParamsFile = { note: string; params: Record<string, Schema> };
export type ObjectsFile = { note: string; objects: Record<string, Schema> };
/** Event type → name of the object it carries. `thin`: the types of thin events. */
export type EventsFile = { note: string; types: Record<string, string | null>; thin: string[] };
