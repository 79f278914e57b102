import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnEngine, ownEngine } from './ownEngine.js';

const { Decimal128, Double, Int32, Long, ObjectId, Timestamp } = mongo;

const at = (text: string) => new Date(text);
const decimal = (text: string) => Decimal128.fromString(text);
const id = new ObjectId('65e0d1f3a1b2c3d4e5f60718');

const stored = {
  _id: 1,
  i: 7,
  n: -3,
  half: new Double(2.5),
  long: Long.fromNumber(12),
  money: decimal('1.25'),
  s: 'Hello World',
  vi: 'Đặng Văn Ước',
  nul: null,
  a: [3, 1, 2],
  words: ['b', 'a', 'c', 'a'],
  pairs: [
    ['x', 1],
    ['y', 2],
  ],
  id,
  at: at('2024-02-29T13:45:07.089Z'),
  newYear: at('2023-12-31T23:59:59.999Z'),
  ts: new Timestamp({ t: 1_700_000_000, i: 5 }),
};

/** By MongoDB's manual: what each expression gives, type and all. */
const RESULTS: [what: string, [expression: unknown, value: unknown][]][] = [
  [
    'an operand alone and in a list of one are the same',
    [
      [{ $size: ['$a'] }, 3],
      [{ $size: '$a' }, 3],
      [{ $toUpper: ['$s'] }, 'HELLO WORLD'],
      [{ $sum: '$i' }, 7],
      [{ $sum: ['$a'] }, 6],
      [{ $max: ['$nul', '$missing', 3] }, 3],
      [{ $avg: '$a' }, new Double(2)],
      [{ $min: '$missing' }, null],
    ],
  ],
  [
    'numbers keep their types and are rounded exactly',
    [
      [{ $round: '$half' }, new Double(2)],
      [{ $round: [19.25, 1] }, new Double(19.2)],
      [{ $round: [2.675, 2] }, new Double(2.67)],
      [{ $round: ['$i', -1] }, 10],
      [{ $trunc: [1234.5678, -2] }, new Double(1200)],
      [{ $round: ['$money', 1] }, decimal('1.2')],
      [{ $ceil: '$money' }, decimal('2')],
      [{ $divide: ['$money', 2] }, decimal('0.625')],
      [{ $mod: ['$i', '$nul'] }, null],
      [{ $pow: ['$i', 2] }, 49],
      [{ $pow: ['$long', '$i'] }, Long.fromNumber(35_831_808)],
      [{ $bitAnd: ['$long', '$i'] }, Long.fromNumber(4)],
      [{ $exp: 0 }, new Double(1)],
      [{ $stdDevPop: '$a' }, new Double(Math.sqrt(2 / 3))],
    ],
  ],
  [
    'values are converted',
    [
      [{ $toString: '$id' }, '65e0d1f3a1b2c3d4e5f60718'],
      [{ $toObjectId: '65e0d1f3a1b2c3d4e5f60718' }, id],
      [{ $toDate: '$id' }, at('2024-02-29T18:50:27Z')],
      [{ $toString: '$money' }, '1.25'],
      [{ $toString: '$at' }, '2024-02-29T13:45:07.089Z'],
      [{ $toInt: '12' }, 12],
      [{ $toLong: '$at' }, Long.fromNumber(1_709_214_307_089)],
      [{ $toDecimal: '1.10' }, decimal('1.10')],
      [{ $convert: { input: 'no', to: 'int', onError: 'bad' } }, 'bad'],
      [{ $convert: { input: '$nul', to: 'int', onNull: 0 } }, 0],
      [{ $toBool: 'false' }, true],
    ],
  ],
  [
    'dates are taken apart, in a time zone too',
    [
      [{ $year: '$id' }, 2024],
      [{ $month: '$nul' }, null],
      [{ $hour: { date: '$newYear', timezone: 'Asia/Ho_Chi_Minh' } }, 6],
      [{ $week: '$at' }, 8],
      [{ $isoWeekYear: '$newYear' }, Long.fromNumber(2023)],
      [
        { $dateToString: { date: '$at', format: '%d/%m/%Y %% %H:%M %j %w %U %V' } },
        '29/02/2024 % 13:45 060 5 08 09',
      ],
      [{ $dateToString: { date: '$newYear', format: '%Y %z', timezone: '+07:00' } }, '2024 +0700'],
      [{ $dateToString: { date: '$id', format: '%Y-%m-%d' } }, '2024-02-29'],
      [
        { $dateToParts: { date: '$newYear', timezone: 'Asia/Ho_Chi_Minh' } },
        parts(2024, 1, 1, 6, 59, 59, 999),
      ],
      [{ $tsSecond: '$ts' }, Long.fromNumber(1_700_000_000)],
    ],
  ],
  [
    'dates are read and counted with',
    [
      [{ $dateFromString: { dateString: '2024-05-06T07:08:09+07:00' } }, at('2024-05-06T00:08:09Z')],
      [{ $dateFromString: { dateString: '06/05/2024', format: '%d/%m/%Y' } }, at('2024-05-06')],
      [{ $dateFromString: { dateString: '2024-W10-1', format: '%G-W%V-%u' } }, at('2024-03-04')],
      [{ $dateFromString: { dateString: 'x', onError: 'bad' } }, 'bad'],
      [{ $dateFromParts: { year: 2024, month: 14, timezone: 'Asia/Ho_Chi_Minh' } }, at('2025-01-31T17:00Z')],
      [{ $dateAdd: { startDate: at('2024-01-31'), unit: 'month', amount: 1 } }, at('2024-02-29')],
      [{ $dateSubtract: { startDate: '$at', unit: 'year', amount: 1 } }, at('2023-02-28T13:45:07.089Z')],
      [{ $dateDiff: { startDate: '$newYear', endDate: '$at', unit: 'day' } }, Long.fromNumber(60)],
      [{ $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } }, at('2024-02-26')],
      [
        { $dateTrunc: { date: '$newYear', unit: 'day', timezone: 'Asia/Ho_Chi_Minh' } },
        at('2023-12-31T17:00Z'),
      ],
      [{ $subtract: ['$at', '$newYear'] }, Long.fromNumber(5_147_107_090)],
      [{ $add: ['$at', 1000] }, at('2024-02-29T13:45:08.089Z')],
    ],
  ],
  [
    'strings, arrays and sets are handled as bytes and values',
    [
      [{ $indexOfCP: ['$vi', 'V'] }, 5],
      [{ $indexOfBytes: ['$vi', 'V'] }, 8],
      [{ $substr: ['$s', 6, -1] }, 'World'],
      [{ $substrCP: ['$vi', 1, 3] }, 'ặng'],
      [{ $toLower: '$nul' }, ''],
      [{ $strcasecmp: ['$s', 'hello WORLD'] }, 0],
      [{ $first: '$pairs' }, ['x', 1]],
      [{ $concatArrays: ['$a', '$nul'] }, null],
      [{ $slice: ['$a', -2, 1] }, [1]],
      [{ $indexOfArray: ['$words', 'a', 2] }, 3],
      [{ $in: ['$id', [id]] }, true],
      [{ $setUnion: ['$words', ['d']] }, ['b', 'a', 'c', 'd']],
      [{ $setIntersection: [['$id'], [id]] }, [id]],
      [{ $arrayToObject: '$pairs' }, { x: 1, y: 2 }],
      [{ $bsonSize: { a: 1 } }, 12],
    ],
  ],
];

function parts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
) {
  return { year, month, day, hour, minute, second, millisecond: ms };
}

/** What expressions cannot take. */
const REFUSALS: [code: number, expression: unknown][] = [
  [17124, { $size: '$nul' }],
  [16610, { $mod: ['$i', 0] }],
  [28766, { $ln: 0 }],
  [241, { $toInt: '7.5' }],
  [241, { $toObjectId: 'zz' }],
  [241, { $toDate: '$i' }],
  [241, { $dateFromString: { dateString: 'nope' } }],
  [40485, { $hour: { date: '$at', timezone: 'Nowhere/X' } }],
  [18536, { $dateToString: { date: '$at', format: '%q' } }],
  [9, { $dateTrunc: { date: '$at', unit: 'fortnight' } }],
  [40087, { $split: ['$s', ''] }],
  [28656, { $substrBytes: ['$vi', 1, 1] }],
  [16612, { $add: ['$at', '$at'] }],
  [28647, { $filter: { input: '$a', cond: true, nope: 1 } }],
  [31325, { $push: '$a' }],
];

describe('an expression of the embedded engine gives what MongoDB gives:', () => {
  let engine: OwnEngine;
  let client: mongo.MongoClient;
  let db: mongo.Db;
  let rows: mongo.Collection;

  beforeAll(async () => {
    engine = await ownEngine();
    client = await new mongo.MongoClient(engine.uri).connect();
    db = client.db('expressions');
    rows = db.collection('rows');
    await rows.insertOne(stored as never);
  });

  afterAll(async () => {
    await client?.close();
    await engine?.remove();
  });

  const made = async (expression: unknown, options = {}) => {
    const stages = [{ $project: { _id: 0, made: expression } }];
    const [found] = await rows.aggregate(stages, options).toArray();
    return found?.made;
  };
  /** Whole numbers written plainly here are ints there. */
  const typed = (value: unknown): unknown =>
    typeof value === 'number'
      ? new Int32(value)
      : Array.isArray(value)
        ? value.map(typed)
        : value?.constructor === Object
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typed(inner)]))
          : value;

  for (const [what, cases] of RESULTS)
    test(what, async () => {
      for (const [expression, value] of cases)
        expect([expression, await made(expression, { promoteValues: false })]).toEqual([
          expression,
          typed(value),
        ]);
    });

  test('buckets hold as many documents each, equal values together', async () => {
    const six = db.collection('six');
    await six.insertMany([4, 1, 1, 9, 1, 7].map((n, at) => ({ _id: at as never, n: new Double(n) })));
    const auto = { $bucketAuto: { groupBy: '$n', buckets: 3, output: { ids: { $push: '$_id' } } } };
    expect(await six.aggregate([auto], { promoteValues: false }).toArray()).toEqual([
      { _id: { min: new Double(1), max: new Double(4) }, ids: typed([1, 2, 4]) },
      { _id: { min: new Double(4), max: new Double(9) }, ids: typed([0, 5]) },
      { _id: { min: new Double(9), max: new Double(9) }, ids: typed([3]) },
    ]);
  });

  test('a graph is followed as far as is asked, and each document found once', async () => {
    const people = db.collection<{ _id: number; boss: number | null }>('people');
    const bosses = { 1: null, 2: 1, 3: 2, 4: 3, 5: 1 };
    await people.insertMany(Object.entries(bosses).map(([one, boss]) => ({ _id: Number(one), boss })));
    const above = (more: mongo.BSON.Document) => [
      { $match: { _id: 4 } },
      {
        $graphLookup: {
          from: 'people',
          startWith: '$boss',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'above',
          ...more,
        },
      },
      { $project: { _id: 0, above: 1 } },
    ];
    const [all] = await people.aggregate(above({ depthField: 'far' })).toArray();
    expect(all?.above).toEqual([3, 2, 1].map((_id, far) => ({ _id, boss: _id > 1 ? _id - 1 : null, far })));
    const [near] = await people.aggregate(above({ maxDepth: 0 })).toArray();
    expect(near?.above).toEqual([{ _id: 3, boss: 2 }]);
    const [some] = await people.aggregate(above({ restrictSearchWithMatch: { _id: { $ne: 2 } } })).toArray();
    expect(some?.above).toEqual([{ _id: 3, boss: 2 }]);
  });

  test('or refuses, with its code', async () => {
    for (const [code, expression] of REFUSALS)
      await expect(made(expression), JSON.stringify(expression)).rejects.toMatchObject({ code });
  });
});
