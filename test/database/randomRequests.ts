/** Random documents, filters, updates, sorts and pipelines for the differential tests: small alphabets, odd values. */
import fc from 'fast-check';
import { mongo } from 'mongoose';

const { Decimal128, Double, Int32, Long, ObjectId } = mongo;

export type Doc = Record<string, unknown>;

const FIELDS = ['a', 'b', 'c'];
const PATHS = ['a', 'b', 'c', 'a.b', 'a.c', 'b.a', 'a.b.c', 'a.0', 'b.1', 'a.0.b'];

export const field = fc.constantFrom(...FIELDS);
export const path = fc.constantFrom(...PATHS);

export const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 5 }).map((value) => new Int32(value)) },
  fc.constantFrom(0, 1, 2, 2.5, -1.5, 5).map((value) => new Double(value)),
  fc.constantFrom(1, 2, 5, 9007199254740993n).map((value) => Long.fromBigInt(BigInt(value))),
);
const oddNumber = fc.constantFrom(
  new Double(Number.NaN),
  new Double(-0),
  new Double(Number.POSITIVE_INFINITY),
  Decimal128.fromString('1'),
  Decimal128.fromString('2.5'),
);
const greatId = new ObjectId('f'.repeat(24));
const text = fc.constantFrom('', 'a', 'b', 'ab', 'B', 'ă', 'Trường', 'z\u{1F600}', '\uffee');
export const scalar = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.boolean() },
  fc.constantFrom(0, 86400000, -5).map((time) => new Date(time)),
  fc.constantFrom(new ObjectId('1'.repeat(24)), new ObjectId('2'.repeat(24)), greatId),
  oddNumber,
);

/** A value of up to three levels. */
export const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(field, tie('value'), { maxKeys: 2, noNullPrototype: true }) },
  ),
})).value;

const document: fc.Arbitrary<Doc> = fc.dictionary(field, value, {
  maxKeys: 3,
  noNullPrototype: true,
}) as fc.Arbitrary<Doc>;

/** Documents with distinct ids, in an order that says nothing. */
export const documents = fc
  .array(document, { minLength: 1, maxLength: 8 })
  .map((docs) => docs.map((doc, at) => ({ _id: new Int32((at * 5) % 11), ...doc })));

const comparison = fc.record({
  operator: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'),
  operand: value,
});
const condition: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: value },
    { weight: 8, arbitrary: comparison.map(({ operator, operand }) => ({ [operator]: operand })) },
    { weight: 2, arbitrary: fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 3 }))
        .map(([operator, list]) => ({ [operator]: list })),
    },
    { weight: 2, arbitrary: fc.boolean().map((present) => ({ $exists: present })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('int', 'string', 'array', 'object', 'null', 'number', 'double', 'bool', 'date')
        .map((type) => ({ $type: type })),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((size) => ({ $size: size })) },
    { weight: 1, arbitrary: fc.constantFrom(/^a/, /b/i, /^Tr/, /./).map((pattern) => ({ $regex: pattern })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
        .map((pair) => ({ $mod: pair })),
    },
    {
      weight: 2,
      arbitrary: fc.array(scalar, { minLength: 1, maxLength: 2 }).map((list) => ({ $all: list })),
    },
    {
      weight: 2,
      arbitrary: comparison.map(({ operator, operand }) => ({ $elemMatch: { [operator]: operand } })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(field, tie('condition'))
        .map(([name, inner]) => ({ $elemMatch: { [name]: inner } })),
    },
    { weight: 1, arbitrary: comparison.map(({ operator, operand }) => ({ $not: { [operator]: operand } })) },
  ),
})).condition;

/** A filter: conditions on paths, sometimes joined by $and, $or, $nor. */
export const filter: fc.Arbitrary<Doc> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(path, condition, {
      minKeys: 0,
      maxKeys: 2,
      noNullPrototype: true,
    }) as fc.Arbitrary<Doc>,
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('$and', '$or', '$nor'),
        fc.array(
          fc.tuple(path, condition).map(([at, what]) => ({ [at]: what })),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([operator, branches]) => ({ [operator]: branches })),
  },
);

// positions in paths of a sort, and pulling from paths that are not there, are where the reference server is odd
export const named = path.filter((name) => !/\d/.test(name));

function sortOf(most: number) {
  return fc
    .uniqueArray(fc.tuple(named, fc.constantFrom<1 | -1>(1, -1)), { maxLength: most, selector: ([at]) => at })
    .map((keys): Record<string, 1 | -1> => Object.fromEntries([...keys, ['_id', 1]]));
}

/** By one field, which may hold arrays. By several only where nothing holds arrays: MongoDB refuses two side by side. */
export const sort = sortOf(1);
export const compoundSort = sortOf(3);

export const indexes = fc.uniqueArray(
  fc
    .uniqueArray(fc.tuple(path, fc.constantFrom(1, -1)), {
      minLength: 1,
      maxLength: 3,
      selector: ([at]) => at,
    })
    .map((keys) => Object.fromEntries(keys) as Record<string, 1 | -1>),
  { maxLength: 2, selector: (keys) => JSON.stringify(keys) },
);

export const projection = fc.oneof(
  fc
    .uniqueArray(path, { minLength: 1, maxLength: 2 })
    .chain((paths) => fc.constantFrom(0, 1).map((flag) => Object.fromEntries(paths.map((at) => [at, flag])))),
  fc.tuple(path, fc.constantFrom(0, 1)).map(([at, flag]) => ({ [at]: flag, _id: 0 })),
  fc
    .tuple(
      field,
      fc.oneof(
        fc.integer({ min: -2, max: 2 }),
        fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 1, max: 2 })),
      ),
    )
    .map(([at, slice]) => ({ [at]: { $slice: slice } })),
  fc
    .tuple(field, comparison)
    .map(([at, { operator, operand }]) => ({ [at]: { $elemMatch: { [operator]: operand } } })),
);

function changesAnything(operand: mongo.Int32 | mongo.Double | mongo.Long): boolean {
  return ![0, 1].includes(Number(operand));
}

const targets = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a', 'a.0', 'c.1', 'a.b.c', 'a.$[]', 'b.$[]');
const operation = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('$set', '$setOnInsert', '$min', '$max'), targets, value) },
  // by 0 or 1 nothing changes, which the reference server counts as a change
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('$inc', '$mul'), targets, number.filter(changesAnything)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$unset'), field, fc.constant('')) },
  // the reference server refuses or makes the way to what is not there; dotted names have tests of their own
  { weight: 1, arbitrary: fc.tuple(fc.constant('$rename'), field, field) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('$push', '$addToSet'), targets, value) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant('$push'),
      targets,
      fc.record(
        {
          $each: fc.array(value, { minLength: 1, maxLength: 3 }),
          $slice: fc.constantFrom(-3, -1, 1, 2),
          $position: fc.integer({ min: -2, max: 2 }),
          $sort: fc.constantFrom(1, -1, { a: 1 }, { b: -1 }),
        },
        { requiredKeys: ['$each'] },
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('$addToSet'),
      targets,
      fc.array(value, { minLength: 1, maxLength: 3 }).map((list) => ({ $each: list })),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$pop'), field, fc.constantFrom(1, -1)) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant('$pull'),
      field,
      fc.oneof(
        scalar,
        comparison.map(({ operator, operand }) => ({ [operator]: operand })),
        // what has no such field: the reference server takes arrays for documents here
        fc
          .tuple(
            field,
            scalar.filter((held) => held !== null),
          )
          .map(([name, inner]) => ({ [name]: inner })),
      ),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$pullAll'), field, fc.array(scalar, { maxLength: 2 })) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('$bit'),
      targets,
      fc.constantFrom('and', 'or', 'xor').map((name) => ({ [name]: new Int32(5) })),
    ),
  },
);

/** An update by operators, on one or two paths. */
export const update: fc.Arbitrary<Doc> = fc
  .array(operation, { minLength: 1, maxLength: 2 })
  .map((operations) => {
    const made: Record<string, Doc> = {};
    const roots = new Set<string | undefined>();
    for (const [operator, target, operand] of operations) {
      // two operators under one field are a conflict, which the reference server notices only sometimes
      const used = operator === '$rename' ? [target[0], String(operand)[0]] : [target[0]];
      const taken = used.some((root) => roots.has(root)) || new Set(used).size < used.length;
      for (const root of used) roots.add(root);
      if (!taken) made[operator] = { ...made[operator], [target]: operand };
    }
    return made;
  })
  .filter((made) => Object.keys(made).length > 0);
