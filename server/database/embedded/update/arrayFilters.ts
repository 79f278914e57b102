/** The array filters of an update: each a test of elements, all of them used. */
import { CommandError } from '../errors.js';
import { compileFilter, type Test } from '../query/matcher.js';
import { type Doc, isDoc } from '../values.js';
import type { UpdateRequest } from './compile.js';
import type { Target } from './parse.js';

/** The filters by their names. @throws CommandError 2, 9, 14 for a malformed, missing or unused one. */
export function arrayFilters(
  { arrayFilters: given, evaluate }: UpdateRequest,
  targets: Target[],
): Map<string, Test> {
  const filters = new Map<string, Test>();
  for (const filter of Array.isArray(given) ? given : []) {
    if (!isDoc(filter)) throw new CommandError(14, 'arrayFilters must be documents');
    const name = identifierOf(filter);
    if (name === undefined)
      throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
      throw new CommandError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    if (filters.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const test = compileFilter(filter, evaluate);
    filters.set(name, (item) => test({ [name]: item }));
  }
  const used = new Set(
    targets.flatMap(({ path }) =>
      path.filter((part) => part.startsWith('$[')).map((part) => part.slice(2, -1)),
    ),
  );
  for (const name of used)
    if (name !== '' && !filters.has(name))
      throw new CommandError(2, `No array filter found for identifier '${name}' in path`);
  for (const name of filters.keys())
    if (!used.has(name))
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
  return filters;
}

function identifierOf(filter: Doc): string | undefined {
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) return key.split('.')[0];
    if (!Array.isArray(value)) continue;
    for (const branch of value) {
      const found = isDoc(branch) ? identifierOf(branch) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
