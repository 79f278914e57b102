/** The head of a pipeline that is a plain query or a covered group, and the stages after it. */
import { CommandError, notSupported } from '../errors.js';
import { coveringScan } from '../query/planner.js';
import type { Scan, SortSpec } from '../query/scans.js';
import type { Collection } from '../storage/catalog.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import { countOf } from './stages.js';

/** The part of a pipeline that is a plain query, and the stages after it. */
export interface Split {
  filter: Doc;
  sort: SortSpec;
  skip: number;
  limit: number;
  rest: Doc[];
}

/** Takes the leading $match, $sort, $skip and $limit off a pipeline. */
export function splitPipeline(pipeline: Doc[]): Split {
  const split: Split = { filter: {}, sort: [], skip: 0, limit: 0, rest: [] };
  let at = 0;
  const filters: Doc[] = [];
  for (; isDoc(pipeline[at]?.$match); at++) filters.push(pipeline[at]?.$match as Doc);
  if (filters.length > 0) split.filter = filters.length === 1 && filters[0] ? filters[0] : { $and: filters };
  if (isDoc(pipeline[at]?.$sort) && isPlainSort(pipeline[at]?.$sort as Doc))
    split.sort = sortSpec(pipeline[at++]?.$sort);
  if (pipeline[at] && '$skip' in (pipeline[at] ?? {}))
    split.skip = countOf('$skip', pipeline[at++]?.$skip, 0);
  if (pipeline[at] && '$limit' in (pipeline[at] ?? {}))
    split.limit = countOf('$limit', pipeline[at++]?.$limit, 1);
  split.rest = pipeline.slice(at);
  return split;
}

function isPlainSort(spec: Doc): boolean {
  return Object.values(spec).every((way) => asNumber(way) !== undefined);
}

/** A sort document as the planner takes it. @throws CommandError 15974, 15975, 15976 … */
export function sortSpec(spec: unknown): SortSpec {
  if (!isDoc(spec)) throw new CommandError(15973, 'the $sort key specification must be an object');
  const fields = Object.entries(spec);
  if (fields.length === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return fields.map(([path, way]) => {
    const direction = asNumber(way);
    if (isDoc(way)) throw notSupported('$meta in a sort');
    if (direction === undefined) throw new CommandError(15974, `Illegal key in sort specification: ${path}`);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return [path, direction < 0];
  });
}

/** The stages of a pipeline as given by a client. @throws CommandError 14, 40323. */
export function stagesOf(pipeline: unknown): Doc[] {
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  return pipeline.map((stage) => {
    if (!isDoc(stage)) throw new CommandError(14, "Each element of the 'pipeline' array must be an object");
    if (Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const [[name, spec] = ['']] = Object.entries(stage);
    const [code, options] = OPTIONS[name] ?? [];
    const unknown = options && isDoc(spec) && Object.keys(spec).find((option) => !options.includes(option));
    if (unknown) throw new CommandError(code ?? 9, `Unrecognized option to ${name}: ${unknown}`);
    return stage;
  });
}

/** The code with which an option is refused that a stage does not have, and the options it has. */
const OPTIONS: Record<string, [code: number, options: string[]]> = {
  $bucket: [40197, ['groupBy', 'boundaries', 'default', 'output']],
  $bucketAuto: [40245, ['groupBy', 'buckets', 'output', 'granularity']],
  $densify: [40415, ['field', 'partitionByFields', 'range']],
  $graphLookup: [
    40104,
    'from startWith connectFromField connectToField as maxDepth depthField restrictSearchWithMatch'.split(
      ' ',
    ),
  ],
  $lookup: [9, ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline']],
  $merge: [40415, ['into', 'on', 'let', 'whenMatched', 'whenNotMatched']],
  $out: [40415, ['db', 'coll']],
  $replaceRoot: [40415, ['newRoot']],
  $sample: [28748, ['size']],
  $unionWith: [40415, ['coll', 'pipeline']],
  $unwind: [28811, ['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays']],
};

/** The scan of an index that holds all that a $group after a $match needs, if there is one. */
export function coveringOf(
  collection: Collection,
  query: Omit<Split, 'rest'>,
  [next]: Doc[],
): Scan | undefined {
  if (!next || !('$group' in next) || query.skip > 0 || query.limit > 0 || query.sort.length > 0)
    return undefined;
  const fields = fieldsOfGroup(next.$group);
  return fields && fields.size > 0 ? coveringScan(collection, query.filter, fields) : undefined;
}

/** The fields that a $group reads, or undefined if that cannot be told (it uses the whole document, or variables). */
function fieldsOfGroup(spec: unknown, found: Set<string> = new Set()): Set<string> | undefined {
  if (typeof spec === 'string') {
    if (spec.startsWith('$$')) return undefined;
    if (spec.startsWith('$')) found.add(spec.slice(1));
    return found;
  }
  if (typeof spec !== 'object' || spec === null) return found;
  return Object.values(spec).every((inner) => fieldsOfGroup(inner, found)) ? found : undefined;
}
