/** Aggregation expressions: mingo evaluates them; comparisons, truth, sums and missing values are MongoDB's own. */
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulatorOperators from 'mingo/operators/accumulator';
import * as expressionOperators from 'mingo/operators/expression';
import * as pipelineOperators from 'mingo/operators/pipeline';
import { CommandError } from '../errors.js';
import type { Evaluate } from '../query/matcher.js';
import { type Doc, isDoc } from '../values.js';
import { checkOperands } from './operands.js';
import { follow, prepare, TYPED_OPERATORS } from './typedExpressions.js';

type Options = Parameters<(typeof expressionOperators)['$eq']>[2];
type ReadyOptions = Options & { update(locals: { root: unknown }): void };

/** Hands out mingo's own options. */
const OPTIONS = '$__options';

const CONTEXT = Context.init({
  expression: {
    ...(TYPED_OPERATORS as object),
    [OPTIONS]: (_: unknown, __: unknown, options: Options) => options as never,
  },
})
  .addExpressionOps(expressionOperators as never)
  .addAccumulatorOps(accumulatorOperators as never)
  .addPipelineOps(pipelineOperators as never);

/** What mingo has and MongoDB has not, or otherwise. */
const REFUSED = new Set(['$function', '$sampleRate', '$sigmoid', '$toHashedIndexKey']);

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

/** An evaluator of expressions with the given variables. What an expression only passes on keeps its BSON type. */
export function evaluator(variables: Doc = {}): Evaluate {
  return (expression) => {
    checkOperators(expression);
    if (isConstant(expression)) return () => expression;
    const field = fieldOf(expression);
    if (field) return (doc) => withoutMissing(follow(doc, field));
    if (isDoc(expression) && !Object.keys(expression).some((key) => key.startsWith('$'))) {
      const fields = Object.entries(expression).map(
        ([key, inner]) => [key, evaluator(variables)(inner)] as const,
      );
      return (doc) => withoutMissing(Object.fromEntries(fields.map(([key, value]) => [key, value(doc)])));
    }
    const ready = prepare(expression, true);
    const options = readyOptions(variables);
    return (doc) => {
      options.update({ root: doc });
      return withoutMissing(guarded(() => evalExpr(doc as Doc, ready as never, options)));
    };
  };
}

/** The variables of a `let`, whose values are expressions of a document, together with those around it. */
export function variablesIn(given: unknown, around: Doc = {}): (doc: unknown) => Doc {
  const values = Object.entries((given ?? {}) as Doc).map(
    ([name, value]) => [name, evaluator(around)(value)] as const,
  );
  return (doc) => ({ ...around, ...Object.fromEntries(values.map(([name, value]) => [name, value(doc)])) });
}

function fieldOf(expression: unknown): string[] | undefined {
  if (typeof expression !== 'string' || !/^\$[^$]/.test(expression)) return undefined;
  return expression.slice(1).split('.');
}

function isConstant(expression: unknown): boolean {
  if (typeof expression === 'string') return !expression.startsWith('$');
  if (typeof expression !== 'object' || expression === null) return true;
  return !isDoc(expression) && !Array.isArray(expression);
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
  [/\$arrayElemAt/, 28689],
  [/\$filter/, 28651],
  [/\$map/, 16883],
  [/\$reduce/, 40080],
  [/\$objectToArray/, 40390],
  [/\$range/, 34449],
  [/trim/, 50699],
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
    checkOperands(first, expression[first]);
    const known = first in TYPED_OPERATORS || first in expressionOperators;
    if (!known || REFUSED.has(first)) throw new CommandError(168, `Unrecognized expression '${first}'`);
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
