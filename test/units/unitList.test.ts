import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { withChanges } from '../../models/unitChanges.js';
import type { Unit } from '../../models/units.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { projectPath } from '../../server/paths.js';
import { readServices } from '../../server/services/catalogue.js';
import { differenceOf } from '../../server/units/difference.js';
import { unitListOf } from '../../server/units/exportList.js';
import { importOf } from '../../server/units/unitImport.js';

const TERMS = {
  levels: new Set(['mam-non', 'thcs', 'thpt']),
  procedures: new Set(['2.002854', '1.005142']),
};
const HEADER = 'code,name,levels,parent';

describe('a list of units is refused, with the line and the column to mend', () => {
  it.each<[string, string, (readonly [number, string | null, string])[]]>([
    ['nothing', '', [[1, null, 'empty']]],
    ['only blank lines', '\n  \n\r\n', [[1, null, 'empty']]],
    ['a header and no unit', `${HEADER}\n\n`, [[1, null, 'empty']]],
    [
      'no header',
      'Q1,Trường A,,',
      [
        [1, 'code', 'column-missing'],
        [1, 'name', 'column-missing'],
        [1, 'levels', 'column-missing'],
        [1, 'parent', 'column-missing'],
        [1, 'q1', 'column-unknown'],
        [1, 'trường a', 'column-unknown'],
        [1, '', 'column-unknown'],
        [1, '', 'column-unknown'],
      ],
    ],
    ['a column missing', 'code,name,levels\nQ1,A,thcs', [[1, 'parent', 'column-missing']]],
    ['an unknown column', `${HEADER},phone\nQ1,A,thcs,,0905`, [[1, 'phone', 'column-unknown']]],
    ['a column without a name', `${HEADER},\nQ1,A,thcs,,`, [[1, '', 'column-unknown']]],
    ['a column twice', `${HEADER},name\nQ1,A,thcs,,B`, [[1, 'name', 'column-twice']]],
    ['a header further down', '\n\ncode,name,levels\nQ1,A,thcs', [[3, 'parent', 'column-missing']]],
    ['no code', `${HEADER}\n,Trường A,thcs,`, [[2, 'code', 'missing']]],
    ['no name', `${HEADER}\nQ1,"  ",thcs,`, [[2, 'name', 'missing']]],
    ['letters with marks in a code', `${HEADER}\nTHPT-Trà,A,thcs,`, [[2, 'code', 'code-form']]],
    ['a space in a code', `${HEADER}\nQ 1,A,thcs,`, [[2, 'code', 'code-form']]],
    ['a formula for a code', `${HEADER}\n=1+1,A,thcs,`, [[2, 'code', 'code-form']]],
    ['a code of 31 characters', `${HEADER}\n${'Q'.repeat(31)},A,thcs,`, [[2, 'code', 'code-form']]],
    ['a name of 201 characters', `${HEADER}\nQ1,${'a'.repeat(201)},thcs,`, [[2, 'name', 'name-long']]],
    ['a code twice', `${HEADER}\nQ1,A,thcs,\nQ2,B,thcs,\nQ1,C,thpt,`, [[4, 'code', 'code-twice']]],
    ['an unknown level', `${HEADER}\nQ1,A,thcs|cao-dang,`, [[2, 'levels', 'level-unknown']]],
    ['levels set apart by commas', `${HEADER}\nQ1,A,"thcs,thpt",`, [[2, 'levels', 'level-unknown']]],
    ['a level with capitals', `${HEADER}\nQ1,A,THCS,`, [[2, 'levels', 'level-unknown']]],
    ['an unknown parent', `${HEADER}\nQ1,A,thcs,SGD`, [[2, 'parent', 'parent-unknown']]],
    ['a unit above itself', `${HEADER}\nQ1,A,thcs,Q1`, [[2, 'parent', 'parent-circle']]],
    ['a circle through a known unit', `${HEADER}\nK1,Sở,,K2`, [[2, 'parent', 'parent-circle']]],
    ['a code that differs from a known one in capitals', `${HEADER}\nk2,A,,`, [[2, 'code', 'code-case']]],
    ['codes that differ in capitals', `${HEADER}\nq1,A,,\nQ1,B,,`, [[3, 'code', 'code-case']]],
    ['a parent in other capitals', `${HEADER}\nQ1,A,,k1`, [[2, 'parent', 'code-case']]],
    [
      'a tree of thirteen levels',
      `${HEADER}\n${Array.from({ length: 13 }, (_, depth) => `T${depth},A,,${depth ? `T${depth - 1}` : ''}`).join('\n')}`,
      [[14, 'parent', 'parent-deep']],
    ],
    ['an unknown kind', `${HEADER},kind\nQ1,A,,,trường học`, [[2, 'kind', 'kind-unknown']]],
    ['a day of no calendar', `${HEADER},since\nQ1,A,,,31/02/2025`, [[2, 'since', 'day']]],
    [
      'an end before the beginning',
      `${HEADER},since,until\nQ1,A,,,2025-07-01,2025-06-30`,
      [[2, 'until', 'days-order']],
    ],
    ['an unknown procedure', `${HEADER},services\nQ1,A,,,9.999999`, [[2, 'services', 'service-unknown']]],
    ['a link code with a wrong letter', `${HEADER},link\nQ1,A,,,69D-4RW`, [[2, 'link', 'link-form']]],
    ['another link than a unit has', `${HEADER},link\nK1,A,,,69D-4R4`, [[2, 'link', 'link-other']]],
    ['a link twice', `${HEADER},link\nQ1,A,,,69D-4R4\nQ2,A,,,69D4R4`, [[3, 'link', 'link-taken']]],
    [
      'an unknown predecessor',
      `${HEADER},predecessors\nQ1,A,,,Q7`,
      [[2, 'predecessors', 'predecessor-unknown']],
    ],
    ['a unit out of itself', `${HEADER},predecessors\nQ1,A,,,Q1`, [[2, 'predecessors', 'predecessor-self']]],
    [
      'an area class of 101 characters',
      `${HEADER},area\nQ1,A,,,${'a'.repeat(101)}`,
      [[2, 'area', 'area-long']],
    ],
    [
      'a unit below one that has ended',
      `${HEADER},until\nQ1,A,,,2025-06-30\nQ2,B,thcs,Q1,`,
      [[3, 'parent', 'parent-closed']],
    ],
    ['1.200 learners', `${HEADER},enrolment\nQ1,A,thcs,,1.200`, [[2, 'enrolment', 'enrolment']]],
    ['learners below zero', `${HEADER},enrolment\nQ1,A,thcs,,-5`, [[2, 'enrolment', 'enrolment']]],
    ['learners in words', `${HEADER},enrolment\nQ1,A,thcs,,khoảng 500`, [[2, 'enrolment', 'enrolment']]],
    [
      'too many cells',
      `${HEADER}
Q1,Trường A, cơ sở 2,thcs,`,
      [
        [2, null, 'too-many-cells'],
        [2, 'levels', 'level-unknown'],
        [2, 'parent', 'parent-unknown'],
      ],
    ],
    ['a quote in a name', `${HEADER}\nQ0,O,,\nQ1,Trường "A" cũ,thcs,`, [[3, null, 'quotes']]],
    ['text after a quote', `${HEADER}\nQ1,"A"B,thcs,`, [[2, null, 'quotes']]],
    ['a quote not closed', `${HEADER}\n\nQ1,"A,thcs,\nQ2,B,thpt,\nQ3,C,thcs,\n`, [[3, null, 'quotes']]],
    ['a quote not closed, after spaces', `${HEADER}\nQ0,O,,\n  \n\n  "Q1,A,thcs,\n`, [[5, null, 'quotes']]],
    ['a quote not closed, in a second cell', `${HEADER}\n"Q\n1","A,thcs,\nQ2,B,,`, [[3, null, 'quotes']]],
    [
      'a quote not closed, after cells of many lines with Windows line ends',
      `${HEADER}\r\nQ1,"Trường\r\nA",thcs,\r\nQ2,"B,thpt,\r\nQ3,C,thcs,\r\n`,
      [[4, null, 'quotes']],
    ],
  ])('%s', (_name, text, expected) => {
    const list = importOf(readCsv(text), KNOWN, TERMS);
    const found = list.problems.map(({ line, column, key }) => [line, column, nameOf(key)]);
    expect(found).toEqual(expected);
  });

  it.each<[string, string, (readonly [number, string | null, string])[]]>([
    [
      'a column missing beside Vietnamese ones',
      'Mã đơn vị,Tên đơn vị,Cấp học\nQ1,A,thcs',
      [[1, 'Đơn vị cấp trên', 'column-missing']],
    ],
    ['a column in both languages', `${HEADER},Tên đơn vị\nQ1,A,thcs,,B`, [[1, 'Tên đơn vị', 'column-twice']]],
    [
      'a cell below a Vietnamese heading',
      'Mã đơn vị,TÊN ĐƠN VỊ,cap hoc,parent\nQ1,,lop-1,',
      [
        [2, 'TÊN ĐƠN VỊ', 'missing'],
        [2, 'cap hoc', 'level-unknown'],
      ],
    ],
  ])('%s, in the words of the list', (_name, text, expected) => {
    const list = importOf(readCsv(text), KNOWN, TERMS);
    expect(list.problems.map(({ line, column, key }) => [line, column, nameOf(key)])).toEqual(expected);
  });

  it('with every problem of every line at once, in the order of the lines', () => {
    const text = [
      `${HEADER},enrolment`,
      'Q1,Trường A,thcs,Q3,',
      'Q2,,lop-1,SGD,many',
      'Q3,Trường C,thpt,Q1,',
      '',
      'Q1,Trường D,thcs,,12',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      [3, 'name', 'missing'],
      [3, 'levels', 'level-unknown'],
      [3, 'enrolment', 'enrolment'],
      [3, 'parent', 'parent-unknown'],
      [6, 'code', 'code-twice'],
    ]);
    expect(problemsOf(text.replace('\n\nQ1,Trường D,thcs,,12', ''))).toContainEqual([
      2,
      'parent',
      'parent-circle',
    ]);
  });

  it.each(['\n', '\r\n'])('with right line numbers after cells that run over several lines (%j)', (end) => {
    const text = [
      `${HEADER}`,
      'Q1,"Trường',
      'nhiều',
      'dòng",thcs,',
      '',
      'Q2,B,"thcs',
      '",',
      'Q3,C,lop-9,',
      '',
    ].join(end);
    expect(problemsOf(text)).toEqual([[8, 'levels', 'level-unknown']]);
    expect(problemsOf(text.replace('"thcs', '"lop-8'))).toEqual([
      [6, 'levels', 'level-unknown'],
      [8, 'levels', 'level-unknown'],
    ]);
  });

  it('with what is wrong: the code, the value, the earlier line', () => {
    const { problems } = importOf(readCsv(`${HEADER}\nQ1,A,lop-1,\nQ1,B,thcs,SGD`), [], TERMS);
    expect(problems.map(({ parameters }) => parameters)).toEqual([
      { level: 'lop-1', known: 'mam-non, thcs, thpt' },
      { code: 'Q1', earlier: 2 },
      { parent: 'SGD' },
    ]);
  });

  it('whatever the text is, without an error', () => {
    const cell = fc.constantFrom(
      'Q1',
      'Q2',
      'A',
      'thcs',
      '|',
      '"',
      ',',
      ';',
      '\n',
      '\r\n',
      '\r',
      '\t',
      '\ufeff',
      ' ',
    );
    const lists = fc.array(cell, { maxLength: 80 }).map((cells) => cells.join(''));
    const anything = fc.oneof(
      lists,
      lists.map((text) => `${HEADER}\n${text}`),
      lists.map((text) => `\ufeff${HEADER};enrolment\r\n${text}`.replaceAll(',', ';')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    const lineCount = (text: string) => text.split(/\r\n|\n|\r/).length;
    fc.assert(
      fc.property(anything, (text) => {
        const list = importOf(readCsv(text), KNOWN, TERMS);
        for (const { line, key } of list.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lineCount(text));
          expect(key).toMatch(/^(?:units|lists)\.problem\.[a-z-]+$/);
        }
        if (list.problems.length > 0) expect(list.changes).toEqual([]);
        else expect(list.changes.length + list.unchanged).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('of 150 000 bad lines in one deep circle within seconds', () => {
    const lines = Array.from({ length: 150_000 }, (_, line) => `U${line},,,U${(line + 1) % 150_000}`);
    const started = Date.now();
    const { problems } = importOf(readCsv([HEADER, ...lines].join('\n')), [], TERMS);
    expect(problems).toHaveLength(300_000);
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});

describe('a list of units', () => {
  it('is read with a byte order mark, semicolons, quotes, blank lines and Windows line ends', () => {
    const text = [
      '\ufeff"Code"; Name ;levels;parent;area;enrolment',
      'K1;Sở;;;;',
      '',
      ' Q1 ; "Trường ""A""; cơ sở 2";thcs | thpt | thcs;K1;Miền núi;1200',
      ';;;;;',
      '',
    ].join('\r\n');
    expect(problemsOf(text, [])).toEqual([]);
    expect(addedBy(text)).toMatchObject([
      { _id: 'K1', name: 'Sở', levels: [], parent: null, enrolment: null, area: null, kind: 'department' },
      {
        _id: 'Q1',
        name: 'Trường "A"; cơ sở 2',
        levels: ['thcs', 'thpt'],
        parent: 'K1',
        enrolment: 1200,
        area: 'Miền núi',
        kind: 'school',
      },
    ]);
  });

  it('keeps commas in quotes, and composes Vietnamese letters', () => {
    const [unit] = addedBy(`${HEADER}\nQ1,"${'Trường Hòa, Bình'.normalize('NFD')}",thcs,`);
    expect(unit?.name).toBe('Trường Hòa, Bình'.normalize('NFC'));
  });

  it('may name a parent that comes later or is known already', () => {
    expect(problemsOf(`${HEADER}\nQ1,A,thcs,Q2\nQ2,B,,K2`)).toEqual([]);
  });

  it('says what it adds, changes and leaves as it is', () => {
    const text = `${HEADER}\nK1,Sở,,\nK2,Phòng mới,,K1\nQ1,A,thcs,K2`;
    const { changes, unchanged } = importOf(readCsv(text), KNOWN, TERMS);
    const { added, changed } = differenceOf(changes);
    expect(added.map(({ _id }) => _id)).toEqual(['Q1']);
    expect(changed.map(({ before, after, facts }) => [before.name, after.name, facts])).toEqual([
      ['Phòng', 'Phòng mới', ['name']],
    ]);
    expect(unchanged).toBe(1);
  });

  it.each([
    ['name', 'K2,Phòng khác,,K1,,'],
    ['levels', 'K2,Phòng,thcs,K1,,'],
    ['parent', 'K2,Phòng,,,,'],
    ['enrolment', 'K2,Phòng,,K1,0,'],
    ['area', 'K2,Phòng,,K1,,Đô thị'],
  ])('counts another %s as a change', (_column, line) => {
    expect(importOf(readCsv(`${HEADER},enrolment,area\n${line}`), KNOWN, TERMS).changes).toHaveLength(1);
  });

  it('of the real department after the merger has 85 units and no problem', () => {
    const levels = [...readServices(projectPath('server', 'services', 'catalogue.json')).values()]
      .filter(({ kind }) => kind === 'education')
      .map(({ code }) => code);
    const text = readFileSync(projectPath('server', 'demo', 'units-quang-ngai.csv'), 'utf8');
    const { changes, problems } = importOf(readCsv(text), [], { ...TERMS, levels: new Set(levels) });
    expect(problems).toEqual([]);
    expect(changes).toHaveLength(85);
    const kinds = changes.map(({ after }) => after?.kind);
    expect(
      ['department', 'room', 'desk', 'school', 'centre'].map(
        (kind) => kinds.filter((one) => one === kind).length,
      ),
    ).toEqual([1, 1, 1, 67, 15]);
  });

  it('leaves what it has no column for as it is', () => {
    const known = [
      unit('K1', {
        enrolment: 5,
        area: 'Đô thị',
        until: '2026-01-01' as Day,
        kind: 'desk',
        services: ['1.005142'],
      }),
    ];
    expect(importOf(readCsv(`${HEADER}\nK1,K1,,`), known, TERMS)).toMatchObject({
      changes: [],
      unchanged: 1,
    });
  });

  it('may give kinds by code or in Vietnamese, days in both ways, and what a unit came out of', () => {
    const text = [
      `${HEADER},kind,since,until,predecessors,services,link`,
      'K3,Văn phòng,,K1,PHÒNG\\, văn phòng,1/7/2025,,K2,2.002854|1.005142,',
      'K4,Trường A,thcs,K1,site,2025-07-01,31/12/2026,,,69d-4r4',
    ]
      .join('\n')
      .replace('PHÒNG\\, văn phòng', '"PHÒNG, văn phòng"');
    const { changes, problems } = importOf(readCsv(text), KNOWN, TERMS);
    expect(problems).toEqual([]);
    const after = new Map(changes.map((change) => [change.after?._id, change.after]));
    expect(after.get('K3')).toMatchObject({
      kind: 'room',
      since: '2025-07-01',
      until: null,
      predecessors: ['K2'],
      services: ['2.002854', '1.005142'],
    });
    expect(after.get('K4')).toMatchObject({
      kind: 'site',
      since: '2025-07-01',
      until: '2026-12-31',
      linkCode: '69D4R4',
    });
    expect(after.get('K2')).toMatchObject({ successors: ['K3'] });
  });
});

describe('units that the list does not name', () => {
  const list = readCsv(`${HEADER}\nK1,Sở,,`);

  it('are left as they are, and named', () => {
    const { changes, missing } = importOf(list, KNOWN, TERMS, { deed: 'keep' });
    expect(changes).toEqual([]);
    expect(missing.map(({ _id }) => _id)).toEqual(['K2']);
  });

  it('are closed where that is chosen, but not twice and not before they began', () => {
    const until = '2025-06-30' as Day;
    const { changes } = importOf(list, KNOWN, TERMS, { deed: 'close', until });
    expect(differenceOf(changes).closed.map(({ after }) => [after._id, after.until])).toEqual([
      ['K2', until],
    ]);
    const ended = KNOWN.map((one) => ({ ...one, until: '2020-01-01' as Day }));
    expect(importOf(list, ended, TERMS, { deed: 'close', until }).missing).toEqual([]);
    const young = KNOWN.map((one) => ({ ...one, since: '2026-01-01' as Day }));
    const { problems } = importOf(list, young, TERMS, { deed: 'close', until });
    expect(problems.map(({ key }) => nameOf(key))).toEqual(['close-before-since']);
  });

  it('cannot be closed above units that go on', () => {
    const under = readCsv(`${HEADER}\nK1,Sở,,\nQ1,A,thcs,K2`);
    const { problems } = importOf(under, KNOWN, TERMS, { deed: 'close', until: '2025-06-30' as Day });
    expect(problems.map(({ line, column, key }) => [line, column, nameOf(key)])).toEqual([
      [3, 'parent', 'parent-closed'],
    ]);
  });
});

describe('what a list changes', () => {
  const days = fc.constantFrom('', '2024-01-01', '01/07/2025', '2026-08-31');
  const codes = ['A', 'B', 'C', 'D', 'E', 'F'];
  const lines = fc
    .uniqueArray(
      fc.record({
        code: fc.constantFrom(...codes),
        name: fc.constantFrom('Trường Một', 'Bộ phận Một cửa', 'Xã Hai'),
        levels: fc.constantFrom('', 'thcs', 'thcs|thpt', 'thpt|thcs'),
        parent: fc.constantFrom('', '', '', 'A', 'B'),
        enrolment: fc.constantFrom('', '0', '120'),
        since: days,
        predecessors: fc.constantFrom('', '', '', '', 'A', 'B|C'),
      }),
      { selector: ({ code }) => code, minLength: 1, maxLength: 6 },
    )
    .map((rows) => {
      const columns = ['code', 'name', 'levels', 'parent', 'enrolment', 'since', 'predecessors'] as const;
      return [columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))].join(
        '\n',
      );
    });
  const missing = fc.constantFrom(
    { deed: 'keep' } as const,
    { deed: 'close', until: '2026-09-30' as Day } as const,
  );

  it('is what makes the units as the list says, and nothing else; a second import changes nothing', () => {
    let applied = 0;
    fc.assert(
      fc.property(lines, lines, missing, (first, second, left) => {
        const before = withChanges([], importOf(readCsv(first), [], TERMS).changes);
        const list = readCsv(second);
        const result = importOf(list, before, TERMS, left);
        if (result.problems.length > 0) return;
        applied += 1;
        const after = withChanges(before, result.changes);
        const byCode = new Map(after.map((one) => [one._id, one]));
        const [, ...rows] = list.lines;
        for (const { cells } of rows) {
          const [code = '', name, levels = '', parent, enrolment, since, predecessors] = cells;
          const stored = byCode.get(code);
          expect(stored?.name).toBe(name);
          expect(stored?.levels.toSorted()).toEqual(levels.split('|').filter(Boolean).toSorted());
          expect(stored?.parent ?? '').toBe(parent);
          expect(stored?.enrolment === null ? '' : String(stored?.enrolment)).toBe(enrolment);
          expect(stored?.since ?? '').toBe(since === '01/07/2025' ? '2025-07-01' : since);
          expect(stored?.predecessors.toSorted()).toEqual(
            (predecessors ?? '').split('|').filter(Boolean).toSorted(),
          );
        }
        const listed = new Set(rows.map(({ cells }) => cells[0]));
        for (const earlier of before.filter(({ _id }) => !listed.has(_id))) {
          const { successors, until, ...rest } = byCode.get(earlier._id) as Unit;
          const { successors: _successors, until: _until, ...same } = earlier;
          expect(rest).toEqual(same);
          expect(until).toBe(earlier.until ?? (left.deed === 'close' ? left.until : null));
        }
        for (const { _id, predecessors, successors } of after) {
          for (const code of predecessors) expect(byCode.get(code)?.successors).toContain(_id);
          for (const code of successors) expect(byCode.get(code)?.predecessors).toContain(_id);
        }
        expect(importOf(list, after, TERMS, left).changes).toEqual([]);
        const undone = result.changes.map((change) => ({ before: change.after, after: change.before }));
        expect(withChanges(after, undone)).toEqual(before);
      }),
      { numRuns: 3000 },
    );
    expect(applied).toBeGreaterThan(300);
  });

  it('comes out of an export as nothing', () => {
    fc.assert(
      fc.property(lines, (first) => {
        const units = withChanges([], importOf(readCsv(first), [], TERMS).changes);
        const { columns, rows } = unitListOf(units);
        const list = {
          lines: [columns, ...rows].map((cells, index) => ({ line: index + 1, cells })),
          problems: [],
        };
        if (units.length > 0)
          expect(importOf(list, units, TERMS)).toMatchObject({ problems: [], changes: [] });
      }),
      { numRuns: 500 },
    );
  });
});

const KNOWN: readonly Unit[] = [
  unit('K1', { name: 'Sở', kind: 'department' }),
  unit('K2', { name: 'Phòng', parent: 'K1' }),
];

function unit(code: string, facts: Partial<Unit> = {}): Unit {
  return {
    _id: code,
    name: code,
    levels: [],
    parent: null,
    enrolment: null,
    area: null,
    kind: 'room',
    since: null,
    until: null,
    predecessors: [],
    successors: [],
    services: [],
    linkCode: code,
    ...facts,
  };
}

function addedBy(text: string): readonly Unit[] {
  return differenceOf(importOf(readCsv(text), [], TERMS).changes).added;
}

function problemsOf(text: string, known = KNOWN) {
  return importOf(readCsv(text), known, TERMS).problems.map(({ line, column, key }) => [
    line,
    column,
    nameOf(key),
  ]);
}

function nameOf(key: string): string {
  return key.replace(/^(?:units|lists)\.problem\./, '');
}

describe('the columns of a list', () => {
  it('may be called by their Vietnamese names, with capitals and marks or without', () => {
    const rows = 'Q1,Trường A,thcs,K1,trường,345';
    const plain = `${HEADER},kind,enrolment\n${rows}`;
    const wanted = importOf(readCsv(plain), KNOWN, TERMS);
    expect(wanted.changes).toHaveLength(1);
    for (const heading of [
      'Mã đơn vị,Tên đơn vị,Cấp học,Đơn vị cấp trên,Loại đơn vị,Số người học',
      'MÃ ĐƠN VỊ,ten don vi,  Cấp  học ,"đơn vị\ncấp trên",Kind,So nguoi hoc',
      'Mã đơn vị,name,levels,Đơn vị cấp trên,kind,enrolment'.normalize('NFD'),
    ]) {
      const found = importOf(readCsv(`${heading}\n${rows}`), KNOWN, TERMS);
      expect(found.problems).toEqual([]);
      expect(withoutLink(found)).toEqual(withoutLink(wanted));
    }
  });
});

function withoutLink({ changes }: ReturnType<typeof importOf>) {
  return changes.map(({ before, after }) => ({ before, after: after && { ...after, linkCode: '' } }));
}
