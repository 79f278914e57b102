/** Update operators read: which paths they act on and how, in the order of their paths, without conflicts. */
import { CommandError } from '../errors.js';
import { isPosition, MISSING } from '../query/paths.js';
import { type Doc, isDoc, typeName } from '../values.js';
import { type Change, OPERATORS } from './operators.js';

/** One path of an update. */
export interface Target {
  operator: string;
  path: string[];
  change: Change;
  /** For $rename: where the value goes. */
  to?: string[];
}

/** Every path an update names, with its change. @throws CommandError 2, 9, 52, 56 for what MongoDB refuses. */
export function targetsOf(update: Doc): Target[] {
  const targets: Target[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    const make =
      operator === '$setOnInsert'
        ? OPERATORS.$set
        : operator === '$unset' || operator === '$rename'
          ? () => () => MISSING
          : Object.hasOwn(OPERATORS, operator)
            ? OPERATORS[operator]
            : undefined;
    if (!make) {
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields)) {
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(fields)}}`,
      );
    }
    for (const [path, operand] of Object.entries(fields)) {
      const target: Target = { operator, path: pathOf(path), change: make(operand, path) };
      if (operator === '$rename') {
        target.to = renameTarget(path, operand);
        targets.push({ operator: '$renamed', path: target.to, change: () => MISSING });
      }
      targets.push(target);
    }
  }
  return targets;
}

function pathOf(path: string): string[] {
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes(''))
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  if (parts[0]?.startsWith('$'))
    throw new CommandError(
      parts[0] === '$' || parts[0].startsWith('$[') ? 2 : 52,
      `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  return parts;
}

function renameTarget(from: string, to: unknown): string[] {
  if (typeof to !== 'string')
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${from}: ${String(to)}`);
  if (from === to)
    throw new CommandError(2, `The source and target field for $rename must differ: ${from}: "${to}"`);
  if ([...from.split('.'), ...to.split('.')].some((part) => part.startsWith('$')))
    throw new CommandError(2, `The source field for $rename may not be dynamic: ${from}`);
  return pathOf(to);
}

/** The order in which paths are changed: by name, positions by number. */
export function comparePaths(a: string[], b: string[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (isPosition(part) && isPosition(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** @throws CommandError 40 where one of the ordered paths leads through another. */
export function refuseConflicts(targets: Target[]): void {
  for (let at = 1; at < targets.length; at++) {
    const [before, path] = [targets[at - 1]?.path ?? [], targets[at]?.path ?? []];
    if (before.every((part, depth) => part === path[depth])) {
      throw new CommandError(
        40,
        `Updating the path '${path.join('.')}' would create a conflict at '${before.join('.')}'`,
      );
    }
  }
}
