import type { Unit } from '../../models/units.js';

/** Codes of a unit and of everything below it, as the tree is today; none where there is no such unit. */
export function codesBelow(units: readonly Pick<Unit, '_id' | 'parent'>[], top: string): ReadonlySet<string> {
  const children = new Map<string, string[]>();
  for (const { _id, parent } of units) {
    const siblings = children.get(parent ?? '');
    if (siblings) siblings.push(_id);
    else children.set(parent ?? '', [_id]);
  }
  const found = new Set(units.some(({ _id }) => _id === top) ? [top] : []);
  // A set hands out what is added while it is read; a circle in the tree adds nothing twice.
  for (const code of found) for (const child of children.get(code) ?? []) found.add(child);
  return found;
}
