/** The generated contract, read on demand: routes at start, parameters per family on the first request, objects on the first need. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clone } from '../store/clone.ts';
import { blankObject } from './blank.ts';
import { checkObject } from './check.ts';
import type { EventsFile, ObjectsFile, ParamsFile, RouteEntry, RoutesFile, Schema } from './schema.ts';

export type FoundRoute = { entry: RouteEntry; key: string; ids: string[] };
export type Contract = {
  apiVersion: string;
  /** The SDK's route for a request, whatever the names of its path variables. */
  find(method: string, path: string): FoundRoute | undefined;
  /** Methods the SDK knows for this path. */
  methodsOf(path: string): string[];
  /** The normalised key of a template: `POST /v1/customers/{}`. */
  keyOf(method: string, template: string): string;
  isRoute(key: string): boolean;
  /** Every route of the SDK, in order of path. */
  routes(): RouteEntry[];
  /** A route outside the SDK, with its parameters. */
  addPrivate(method: string, path: string, params: Schema): void;
  params(entry: RouteEntry): Schema;
  object(name: string): Schema | undefined;
  objects(): Record<string, Schema>;
  /** False only when the contract knows the object and not the field. */
  hasField(name: string, field: string): boolean;
  /** The nullable fields the object must have, as null, and its empty metadata. */
  blank(name: string): Record<string, unknown>;
  /** What is wrong with a public object, as readable lines. */
  check(doc: unknown, objectName?: string): string[];
  eventTypes(): string[];
  /** The `object` an event of this type carries, if the SDK says. */
  eventObject(type: string): string | null;
  isEventType(type: string): boolean;
  /** Types of thin events; those about v1 objects are called like their snapshot twin, with `v1.` in front. */
  thinTypes(): ReadonlySet<string>;
  /** Where the SDK retrieves an object of this kind: `/v1/customers/{}`. */
  pathOf(object: string, id: string): string | null;
};

const HERE = dirname(fileURLToPath(import.meta.url));

const PRIVATE = 'private';

type Node = { children: Map<string, Node>; variable: Node | null; entries: Map<string, RouteEntry> };

export function loadContract(): Contract {
  const routes = readJson<RoutesFile>('routes.json');
  const tree = newNode();
  const keys = new Set<string>();
  for (const entry of routes.routes) {
    insert(tree, entry);
    keys.add(keyOf(entry.method, entry.path));
  }
  const privateParams = new Map<string, Schema>();
  const families = new Map<string, ParamsFile>();
  let objectsFile: ObjectsFile | null = null;
  let eventsFile: EventsFile | null = null;
  let thin: Set<string> | null = null;
  let paths: Map<string, string> | null = null;
  const blanks = new Map<string, Record<string, unknown>>();
  const objects = () => {
    objectsFile ??= readJson<ObjectsFile>('objects.json');
    return objectsFile.objects;
  };
  const events = () => {
    eventsFile ??= readJson<EventsFile>('events.json');
    return eventsFile;
  };
  const eventTypes = () => events().types;
  return {
    apiVersion: routes.apiVersion,
    find: (method, path) => findRoute(tree, method, path),
    methodsOf: (path) => [...(walk(tree, path)?.node.entries.keys() ?? [])],
    keyOf,
    isRoute: (key) => keys.has(key),
    routes: () => routes.routes,
    addPrivate(method, path, params) {
      insert(tree, { method, path, sdk: 'private', family: PRIVATE, emulated: true, response: null });
      keys.add(keyOf(method, path));
      privateParams.set(`${method} ${path}`, params);
    },
    params(entry) {
      if (entry.family === PRIVATE) return privateParams.get(`${entry.method} ${entry.path}`)!;
      let family = families.get(entry.family);
      if (family === undefined) {
        family = readJson<ParamsFile>(`params.${entry.family.replaceAll('/', '.')}.json`);
        families.set(entry.family, family);
      }
      return family.params[`${entry.method} ${entry.path}`] ?? { o: {} };
    },
    object: (name) => objects()[name],
    objects,
    hasField(name, field) {
      const schema = objects()[name];
      return typeof schema !== 'object' || !('o' in schema) || schema.o[field] !== undefined;
    },
    blank(name) {
      let blank = blanks.get(name);
      if (blank === undefined) {
        blank = blankObject(objects()[name]);
        blanks.set(name, blank);
      }
      return clone(blank);
    },
    check: (doc, objectName) => checkObject(objects(), doc, objectName),
    eventTypes: () => Object.keys(eventTypes()),
    eventObject: (type) => eventTypes()[type] ?? null,
    isEventType: (type) => Object.hasOwn(eventTypes(), type),
    thinTypes() {
      thin ??= new Set(events().thin);
      return thin;
    },
    pathOf(object, id) {
      paths ??= retrievalPaths(routes);
      return paths.get(object)?.replace(/\{\w+\}/, encodeURIComponent(id)) ?? null;
    },
  };
}

/** The plain `GET /v1/…/{id}` of each object. */
function retrievalPaths(routes: RoutesFile): Map<string, string> {
  const found = new Map<string, string>();
  for (const { method, path, response } of routes.routes) {
    const plain = method === 'GET' && /^[^{}]*\/\{\w+\}$/.test(path);
    if (plain && response !== null && !found.has(response)) found.set(response, path);
  }
  return found;
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(HERE, name), 'utf8')) as T;
}

function keyOf(method: string, template: string): string {
  return `${method} ${template.replace(/\{\w+\}/g, '{}')}`;
}

function newNode(): Node {
  return { children: new Map(), variable: null, entries: new Map() };
}

function insert(tree: Node, entry: RouteEntry): void {
  let node = tree;
  for (const segment of segmentsOf(entry.path)) {
    if (segment.startsWith('{')) {
      node.variable ??= newNode();
      node = node.variable;
    } else {
      const child = node.children.get(segment) ?? newNode();
      node.children.set(segment, child);
      node = child;
    }
  }
  if (!node.entries.has(entry.method)) node.entries.set(entry.method, entry);
}

function findRoute(tree: Node, method: string, path: string): FoundRoute | undefined {
  const found = walk(tree, path);
  const entry = found?.node.entries.get(method);
  if (found === undefined || entry === undefined) return undefined;
  return { entry, key: keyOf(method, entry.path), ids: found.ids };
}

/** Fixed names before variables: `/v1/customers/search` is not a customer. */
function walk(tree: Node, path: string): { node: Node; ids: string[] } | undefined {
  let node = tree;
  const ids: string[] = [];
  for (const segment of segmentsOf(path)) {
    const child = node.children.get(segment);
    if (child !== undefined) node = child;
    else if (node.variable !== null) {
      node = node.variable;
      ids.push(decode(segment));
    } else return undefined;
  }
  return node.entries.size > 0 ? { node, ids } : undefined;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
