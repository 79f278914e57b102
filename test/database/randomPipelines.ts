/** Random pipelines for the differential tests: the stages and expressions the product uses, and some beside. */
import fc from 'fast-check';
import { type Doc, field, filter, named, path, sort, value } from './randomRequests.js';

const reference = path.map((name) => `$${name}`);
const numeric = reference.map((name) => ({ $cond: [{ $isNumber: name }, name, 0] }));
const text = reference.map((name) => ({ $cond: [{ $eq: [{ $type: name }, 'string'] }, name, 'x'] }));
const list = reference.map((name) => ({ $cond: [{ $isArray: name }, name, []] }));

const expression: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: reference },
  fc.integer({ min: -3, max: 9 }),
  value.map((literal) => ({ $literal: literal })),
  fc
    .tuple(fc.constantFrom('$add', '$multiply', '$subtract'), numeric, numeric)
    .map(([operator, a, b]) => ({ [operator]: [a, b] })),
  fc.tuple(numeric, fc.constantFrom(2, 4)).map(([a, b]) => ({ $divide: [a, b] })),
  fc
    .tuple(
      fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$cmp'),
      reference,
      fc.oneof(reference, fc.constant(null), fc.integer({ min: 0, max: 3 })),
    )
    .map(([operator, a, b]) => ({ [operator]: [a, b] })),
  fc.tuple(reference, fc.constantFrom(0, 'none', null)).map(([a, b]) => ({ $ifNull: [a, b] })),
  fc.tuple(text, text).map((parts) => ({ $concat: parts })),
  text.map((part) => ({ $toUpper: part })),
  text.map((part) => ({ $strLenCP: part })),
  list.map((items) => ({ $size: items })),
  list.map((items) => ({ $arrayElemAt: [items, 0] })),
  list.map((items) => ({ $filter: { input: items, as: 'item', cond: { $gte: ['$$item', 1] } } })),
  list.map((items) => ({ $map: { input: items, as: 'item', in: { v: '$$item' } } })),
  list.map((items) => ({ $reduce: { input: items, initialValue: 0, in: { $add: ['$$value', 1] } } })),
  fc.tuple(reference, list).map(([item, items]) => ({ $in: [item, items] })),
  fc.tuple(list, list).map((lists) => ({ $concatArrays: lists })),
  fc.tuple(reference, reference).map((parts) => ({ $and: parts })),
  fc.tuple(reference, reference).map((parts) => ({ $or: parts })),
  reference.map((part) => ({ $not: [part] })),
  reference.map((part) => ({ $eq: [{ $type: part }, 'string'] })),
  fc.tuple(reference, reference).map(([a, b]) => ({ x: a, y: b })),
  fc.tuple(reference, reference).map(([a, b]) => [a, b]),
);

export const computed = fc.dictionary(fc.constantFrom('p', 'q', 'a', 'r.c'), expression, {
  minKeys: 1,
  maxKeys: 2,
  noNullPrototype: true,
}) as fc.Arbitrary<Doc>;

// never missing: the reference server tells missing from null in groups where MongoDB does not
const groupKey = reference.map((name) => ({ $ifNull: [name, 'none'] }));
const accumulator = fc.oneof(
  fc.constant({ $sum: 1 }),
  fc
    .tuple(fc.constantFrom('$sum', '$avg', '$min', '$max'), expression)
    .map(([operator, operand]) => ({ [operator]: operand })),
  fc
    .tuple(fc.constantFrom('$addToSet', '$push'), groupKey)
    .map(([operator, operand]) => ({ [operator]: operand })),
);

const group = fc
  .tuple(
    fc.oneof(
      fc.constant(null),
      groupKey,
      fc.tuple(groupKey, groupKey).map(([a, b]) => ({ a, b })),
    ),
    accumulator,
    accumulator,
  )
  .map(([_id, n, m]) => ({ $group: { _id, n, m } }));

const unwind = fc
  .tuple(
    named.map((name) => `$${name}`),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([at, keep, index]) => ({
    $unwind: { path: at, preserveNullAndEmptyArrays: keep, ...(index ? { includeArrayIndex: 'at' } : {}) },
  }));

const stage = fc.oneof(
  filter.map((spec) => ({ $match: spec })),
  sort.map((spec) => ({ $sort: spec })),
  computed.map((spec) => ({ $addFields: spec })),
  computed.map((spec) => ({ $project: spec })),
  path.map((at) => ({ $project: { [at]: 1 } })),
  field.map((name) => ({ $project: { [name]: 0 } })),
  unwind,
  fc.integer({ min: 1, max: 5 }).map((limit) => ({ $limit: limit })),
  fc.integer({ min: 0, max: 3 }).map((skip) => ({ $skip: skip })),
  field.map((name) => ({ $unset: name })),
  fc.tuple(field, field).map(([localField, foreignField]) => ({
    $lookup: { from: 'docs', localField, foreignField, as: 'joined' },
  })),
);

/** A pipeline that begins in the order of _id, so that its result depends on nothing left open. */
export const pipeline: fc.Arbitrary<Doc[]> = fc
  .tuple(fc.array(stage, { minLength: 1, maxLength: 3 }), fc.option(group, { nil: undefined }))
  .map(([stages, last]): Doc[] => [{ $sort: { _id: 1 } }, ...stages, ...(last ? [last] : [])])
  // the reference server still computes from what a $project has dropped right before
  .filter((stages) =>
    stages.every((one, at) => !dropsFields(one) || !(stages[at + 1]?.$addFields || stages[at + 1]?.$group)),
  );

function dropsFields({ $project, $unset }: Doc): boolean {
  return $unset !== undefined || Object.values($project ?? {}).includes(0);
}
