/** A projection carried out: a tree of paths followed through a document. */
import { type Doc, isDoc } from '../values.js';

/** A tree of paths: true keeps (or drops) the field, a function computes it, a Map goes deeper. */
export type Tree = Map<string, Tree | Leaf>;
/** What is done at the end of a path. */
export type Leaf = true | ((value: unknown, doc: Doc) => unknown);

/** What a leaf gives that leaves its field out. */
export const NOTHING = Symbol('nothing');

/** What of a value the tree keeps or computes; `root` is the whole document, for expressions. */
export function include(value: unknown, tree: Tree, root: Doc): unknown {
  if (Array.isArray(value)) {
    // scalars have none of the wanted fields; where a field is computed each of them becomes a document with it
    const kept = hasComputed(tree) ? value : value.filter((item) => isDoc(item) || Array.isArray(item));
    return kept.map((item) => include(isDoc(item) || Array.isArray(item) ? item : {}, tree, root));
  }
  if (!isDoc(value)) return value;
  const kept: Doc = {};
  const put = (key: string, made: unknown) => {
    if (made !== NOTHING) kept[key] = made;
  };
  for (const [key, inner] of Object.entries(value)) {
    const rule = tree.get(key);
    if (rule === true) kept[key] = inner;
    else if (rule instanceof Map) put(key, includeInner(inner, rule, root));
  }
  for (const [key, rule] of tree) {
    if (rule === true) continue;
    if (typeof rule === 'function') put(key, rule(Object.hasOwn(value, key) ? value[key] : undefined, root));
    else if (!Object.hasOwn(value, key) && hasComputed(rule)) put(key, include({}, rule, root));
  }
  return kept;
}

function includeInner(inner: unknown, rule: Tree, root: Doc): unknown {
  if (isDoc(inner) || Array.isArray(inner)) return include(inner, rule, root);
  return hasComputed(rule) ? include({}, rule, root) : NOTHING;
}

function hasComputed(tree: Tree): boolean {
  return [...tree.values()].some((rule) => (rule instanceof Map ? hasComputed(rule) : rule !== true));
}

/** A value without what the tree drops. */
export function exclude(value: unknown, tree: Tree, root: Doc): unknown {
  if (Array.isArray(value)) return value.map((item) => exclude(item, tree, root));
  if (!isDoc(value)) return value;
  const kept: Doc = {};
  for (const [key, inner] of Object.entries(value)) {
    const rule = tree.get(key);
    if (rule === true) continue;
    if (rule instanceof Map) kept[key] = exclude(inner, rule, root);
    else if (rule) {
      const made = rule(inner, root);
      if (made !== NOTHING) kept[key] = made;
    } else kept[key] = inner;
  }
  return kept;
}
