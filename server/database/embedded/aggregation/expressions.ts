/** Aggregation expressions: mingo evaluates them; here its comparisons and its missing values are made MongoDB's. */
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulatorOperators from 'mingo/operators/accumulator';
import * as expressionOperators from 'mingo/operators/expression';
import * as pipelineOperators from 'mingo/operators/pipeline';
import * as windowOperators from 'mingo/operators/window';
import { CommandError } from '../errors.js';
import { compare } from '../query/keys.js';
import type { Evaluate } from '../query/matcher.js';
import { type Doc, isDoc, toPlain } from '../values.js';

type Operator = (typeof expressionOperators)['$eq'];
type Options = Parameters<Operator>[2];
type ReadyOptions = Options & { update(locals: { root: unknown }): void };

function comparison(fits: (order: number) => unknown): Operator {
  return (obj: unknown, expr: unknown, options: Options) => {
    const [left, right] = evalExpr(obj as Doc, expr as never, options) as unknown[];
    return fits(compareMissing(left, right)) as never;
  };
}

/** In expressions, unlike in filters, a missing field is below null. */
function compareMissing(left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
  return compare(left, right);
}

/** Stands in prepared expressions for a dotted path: mingo would read `$a.0` as a position in an array. */
const PATH = '$__path';

/** Hands out mingo's own options. */
const OPTIONS = '$__options';

const followPath: Operator = (obj: unknown, expr: unknown, options: Options) => {
  const [root, ...parts] = expr as string[];
  return follow(evalExpr(obj as Doc, root as never, options), parts) as never;
};

/** A path through documents, and through the documents of arrays: other elements have no fields. */
function follow(value: unknown, [part, ...rest]: string[]): unknown {
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value
      .filter((item) => isDoc(item))
      .map((item) => follow(item, [part, ...rest]))
      .filter((item) => item !== undefined);
  }
  return isDoc(value) && Object.hasOwn(value, part) ? follow(value[part], rest) : undefined;
}

/** An expression or specification as mingo is given it: plain numbers, dotted paths as `PATH`. */
export function prepared(expression: unknown): unknown {
  return withPaths(toPlain(expression));
}

function withPaths(expression: unknown): unknown {
  if (typeof expression === 'string' && /^\$.+\../.test(expression)) {
    const [root, ...parts] = expression.split('.');
    return { [PATH]: [root, ...parts] };
  }
  if (Array.isArray(expression)) return expression.map(withPaths);
  if (!isDoc(expression) || '_bsontype' in expression || '$literal' in expression) return expression;
  return Object.fromEntries(Object.entries(expression).map(([key, inner]) => [key, withPaths(inner)]));
}

const CONTEXT = Context.init({
  expression: {
    $eq: comparison((order) => order === 0),
    $ne: comparison((order) => order !== 0),
    $gt: comparison((order) => order > 0),
    $gte: comparison((order) => order >= 0),
    $lt: comparison((order) => order < 0),
    $lte: comparison((order) => order <= 0),
    $cmp: comparison((order) => Math.sign(order)),
    [PATH]: followPath,
    [OPTIONS]: (_: unknown, __: unknown, options: Options) => options as never,
  },
})
  .addExpressionOps(expressionOperators as never)
  .addAccumulatorOps(accumulatorOperators as never)
  .addPipelineOps(pipelineOperators as never)
  .addWindowOps(windowOperators as never);

const REFUSED = new Set(['$function', '$accumulator', '$where', '$rand']);
const NOT_OPERATORS = new Set(['$rand', '$literal']);

/** mingo's options: operators, `let` variables, no scripts. */
export function mingoOptions(variables: Doc) {
  return {
    context: CONTEXT,
    variables: variables as never,
    scriptEnabled: false,
    useStrictMode: true,
    idKey: '_id',
    processingMode: ProcessingMode.CLONE_OFF,
    failOnError: true,
  };
}

/** mingo's options made up once: given as they are, it would copy its table of operators for every document. */
function readyOptions(variables: Doc): ReadyOptions {
  return evalExpr({}, { [OPTIONS]: 1 }, mingoOptions(variables)) as unknown as ReadyOptions;
}

/** An evaluator of expressions with the given variables, for documents whose numbers are plain (in pipelines). */
export function plainEvaluator(variables: Doc = {}): Evaluate {
  return (expression) => {
    checkOperators(expression);
    if (isConstant(expression)) return () => toPlain(expression);
    const field = fieldOf(expression);
    if (field) return (doc) => withoutMissing(follow(doc, field));
    if (isDoc(expression) && !Object.keys(expression).some((key) => key.startsWith('$'))) {
      const fields = Object.entries(expression).map(
        ([key, inner]) => [key, plainEvaluator(variables)(inner)] as const,
      );
      return (doc) => withoutMissing(Object.fromEntries(fields.map(([key, value]) => [key, value(doc)])));
    }
    const plain = prepared(expression);
    const options = readyOptions(variables);
    return (doc) => {
      options.update({ root: doc });
      return withoutMissing(guarded(() => evalExpr(doc as Doc, plain as never, options)));
    };
  };
}

/** The same for documents whose numbers keep their BSON types (in finds and updates). */
export function evaluator(variables: Doc = {}): Evaluate {
  const evaluate = plainEvaluator(variables);
  return (expression) => {
    const value = evaluate(expression);
    return (doc) => value(toPlain(doc));
  };
}

function fieldOf(expression: unknown): string[] | undefined {
  if (typeof expression !== 'string' || !/^\$[^$]/.test(expression)) return undefined;
  return expression.slice(1).split('.');
}

function isConstant(expression: unknown): boolean {
  if (typeof expression === 'string') return !expression.startsWith('$');
  return (
    typeof expression !== 'object' || expression === null || !(isDoc(expression) || Array.isArray(expression))
  );
}

/** Runs mingo and turns its complaints into MongoDB errors. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(codeFor(error), error instanceof Error ? error.message : String(error));
  }
}

/** MongoDB's codes for the complaints that mingo makes in words, by the operator or the words. */
const CODES: [RegExp, number][] = [
  [/undefined variable/, 17276],
  [/\$(add|subtract|multiply|abs|mod|round|trunc|ceil|floor|sqrt|pow)\b/, 14],
  [/\$convert|\$to[A-Z]|cannot (parse|convert)/i, 241],
  [/\$size\b/, 17124],
  [/\$concat\b/, 16702],
  [/\$arrayElemAt/, 28690],
  [/\$in\b/, 40081],
  [/\$filter/, 28651],
  [/\$map/, 16883],
  [/\$reduce/, 40080],
  [/\$strLenCP/, 34471],
];

function codeFor(error: unknown): number {
  const message = error instanceof Error ? error.message : '';
  return CODES.find(([pattern]) => pattern.test(message))?.[1] ?? 2;
}

function checkOperators(expression: unknown): void {
  if (Array.isArray(expression)) expression.forEach(checkOperators);
  if (!isDoc(expression) || '_bsontype' in expression) return;
  const keys = Object.keys(expression);
  const [first] = keys;
  if (first === '$literal') return;
  if (first?.startsWith('$')) {
    if (keys.length > 1)
      throw new CommandError(
        15983,
        `an expression specification must contain exactly one field, the name of the expression. Found ${keys.length} fields in the expression.`,
      );
    const known = first in expressionOperators || first in accumulatorOperators;
    if (!known || (REFUSED.has(first) && !NOT_OPERATORS.has(first)))
      throw new CommandError(168, `Unrecognized expression '${first}'`);
  }
  Object.values(expression).forEach(checkOperators);
}

/** Drops what evaluated to missing: such fields are left out, such array elements become null. */
function withoutMissing(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some(holdsMissing) ? value.map((item) => withoutMissing(item) ?? null) : value;
  if (!isDoc(value) || '_bsontype' in value || !holdsMissing(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutMissing(inner)]),
  );
}

function holdsMissing(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.some(holdsMissing);
  return isDoc(value) && !('_bsontype' in value) && Object.values(value).some(holdsMissing);
}
