/** explain: which plan a query gets (IXSCAN or COLLSCAN) and how much it reads. */
import { CommandError } from '../errors.js';
import { plan } from '../query/planner.js';
import type { Query } from '../query/reading.js';
import type { Scan } from '../query/scans.js';
import { ID_INDEX, namespaceOf } from '../storage/catalog.js';
import { type Doc, isDoc, typeName } from '../values.js';
import { explainAggregate } from './aggregate.js';
import { type Call, type Command, collectionOf, refuseCollation } from './call.js';
import { findQuery, hintOf, plainQuery, sortOf } from './find.js';

/** The answer of explain for a query, and the pipeline stages after it. */
export async function explainFind(call: Call, query: Query, rest: Doc[] = [], covering?: Scan): Promise<Doc> {
  const collection = collectionOf(call);
  const verbosity = call.command.verbosity ?? 'queryPlanner';
  const sorted = { sort: query.sort };
  if (!collection)
    return {
      queryPlanner: {
        namespace: `${call.db}.${String(call.command[call.name])}`,
        winningPlan: { stage: 'EOF' },
        rejectedPlans: [],
      },
    };
  const chosen = covering ? { scans: [covering] } : plan(collection, query.filter, query.sort, query.hint);
  const branches = chosen.scans.map((scan) =>
    stageOf(scan, query, covering ? 'PROJECTION_COVERED' : 'FETCH'),
  );
  let winningPlan: Doc =
    branches.length === 1 && branches[0]
      ? branches[0]
      : { stage: 'FETCH', inputStage: { stage: 'OR', inputStages: branches } };
  if (query.sort.length > 0 && !(chosen.scans.length === 1 && chosen.scans[0]?.sorted)) {
    winningPlan = {
      stage: 'SORT',
      sortPattern: Object.fromEntries(sorted.sort.map(([path, descending]) => [path, descending ? -1 : 1])),
      inputStage: winningPlan,
    };
  }
  if (query.skip > 0) winningPlan = { stage: 'SKIP', skipAmount: query.skip, inputStage: winningPlan };
  if (query.limit > 0) winningPlan = { stage: 'LIMIT', limitAmount: query.limit, inputStage: winningPlan };
  const queryPlanner = {
    namespace: namespaceOf(collection),
    parsedQuery: query.filter,
    winningPlan,
    rejectedPlans: [],
  };
  if (verbosity === 'queryPlanner') return explained(rest, { queryPlanner });
  const effort = { keys: 0, docs: 0 };
  let nReturned = 0;
  for await (const chunk of call.engine.reader.find(collection, query, effort)) nReturned += chunk.length;
  const scansIndex = chosen.scans.some(({ index, bounded }) => index !== undefined || bounded > 0);
  const executionStats = {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: 0,
    totalKeysExamined: scansIndex ? effort.keys : 0,
    totalDocsExamined: covering ? 0 : effort.docs,
    executionStages: winningPlan,
    ...(verbosity === 'allPlansExecution' ? { allPlansExecution: [] } : {}),
  };
  return explained(rest, { queryPlanner, executionStats });
}

/** The answer as such, or as that of a pipeline's head with its other stages after it. */
function explained(rest: Doc[], head: Doc): Doc {
  const stages = rest.length === 0 ? {} : { stages: [{ $cursor: head }, ...rest] };
  return { explainVersion: '1', ...head, ...stages };
}

function stageOf(scan: Scan, query: Query, stage: string): Doc {
  const direction = scan.reverse ? 'backward' : 'forward';
  const filter = scan.exact || Object.keys(query.filter).length === 0 ? {} : { filter: query.filter };
  if (!scan.index && scan.bounded === 0 && !(query.sort.length > 0 && scan.sorted))
    return { stage: 'COLLSCAN', ...filter, direction };
  const { name, spec, unique, sparse, partial, arrays } = scan.index ?? {
    name: ID_INDEX.name,
    spec: ID_INDEX,
    unique: true,
    sparse: false,
    partial: undefined,
    arrays: [],
  };
  const inputStage = {
    stage: 'IXSCAN',
    keyPattern: spec.key,
    indexName: name,
    isMultiKey: arrays.length > 0,
    isUnique: unique,
    isSparse: sparse,
    isPartial: partial !== undefined,
    indexVersion: 2,
    direction,
    ranges: scan.ranges.length,
  };
  return { stage, ...filter, inputStage };
}

function explain(call: Call): Promise<Doc> {
  const { command } = call;
  if (!isDoc(command.explain))
    throw new CommandError(
      14,
      `BSON field 'explain.explain' is the wrong type '${typeName(command.explain)}', expected type 'object'`,
    );
  const inner: Doc = command.explain;
  const [name = ''] = Object.keys(inner);
  const about = { ...call, name, command: { ...inner, verbosity: command.verbosity ?? 'allPlansExecution' } };
  const base = { skip: 0, sort: [] };
  refuseCollation(inner.collation);
  switch (name) {
    case 'find':
      return explainFind(about, findQuery(about));
    case 'aggregate':
      return explainAggregate(about);
    case 'count':
    case 'distinct':
      return explainFind(about, plainQuery(about));
    case 'findAndModify':
      return explainFind(about, {
        ...base,
        filter: (inner.query ?? {}) as Doc,
        sort: sortOf((inner.sort ?? {}) as Doc),
        limit: 1,
        hint: hintOf(inner.hint),
      });
    case 'update':
    case 'delete': {
      const [statement] = (name === 'update' ? inner.updates : inner.deletes) as Doc[];
      return explainFind(about, {
        ...base,
        filter: (statement?.q ?? {}) as Doc,
        limit: 0,
        hint: hintOf(statement?.hint),
      });
    }
    default:
      throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
}

export const EXPLAIN: Record<string, Command> = { explain: { fields: ['verbosity'], run: explain } };
