import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../models/units.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { projectPath } from '../../server/paths.js';
import { readServices } from '../../server/services/catalogue.js';
import { readUnitList } from '../../server/units/unitList.js';

const LEVELS = new Set(['mam-non', 'thcs', 'thpt']);
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
    const list = readUnitList(readCsv(text), KNOWN, LEVELS);
    const found = list.problems.map(({ line, column, key }) => [line, column, nameOf(key)]);
    expect(found).toEqual(expected);
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
    const { problems } = readUnitList(readCsv(`${HEADER}\nQ1,A,lop-1,\nQ1,B,thcs,SGD`), [], LEVELS);
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
        const list = readUnitList(readCsv(text), KNOWN, LEVELS);
        for (const { line, key } of list.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lineCount(text));
          expect(key).toMatch(/^(?:units|lists)\.problem\.[a-z-]+$/);
        }
        expect(list.added.length + list.changed.length + list.unchanged).toBe(list.rows.length);
        if (list.rows.length === 0) expect(list.problems).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('of 150 000 bad lines in one deep circle within seconds', () => {
    const lines = Array.from({ length: 150_000 }, (_, line) => `U${line},,,U${(line + 1) % 150_000}`);
    const started = Date.now();
    const { problems } = readUnitList(readCsv([HEADER, ...lines].join('\n')), [], LEVELS);
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
    const { rows, problems } = readUnitList(readCsv(text), [], LEVELS);
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      { _id: 'K1', name: 'Sở', levels: [], parent: null, enrolment: null, area: null },
      {
        _id: 'Q1',
        name: 'Trường "A"; cơ sở 2',
        levels: ['thcs', 'thpt'],
        parent: 'K1',
        enrolment: 1200,
        area: 'Miền núi',
      },
    ]);
  });

  it('keeps commas in quotes, and composes Vietnamese letters', () => {
    const { rows } = readUnitList(
      readCsv(`${HEADER}\nQ1,"${'Trường Hòa, Bình'.normalize('NFD')}",thcs,`),
      [],
      LEVELS,
    );
    expect(rows[0]?.name).toBe('Trường Hòa, Bình'.normalize('NFC'));
  });

  it('may name a parent that comes later or is known already', () => {
    expect(problemsOf(`${HEADER}\nQ1,A,thcs,Q2\nQ2,B,,K2`)).toEqual([]);
  });

  it('says what it adds, changes and leaves as it is', () => {
    const text = `${HEADER}\nK1,Sở,,\nK2,Phòng mới,,K1\nQ1,A,thcs,K2`;
    const { added, changed, unchanged } = readUnitList(readCsv(text), KNOWN, LEVELS);
    expect(added.map(({ _id }) => _id)).toEqual(['Q1']);
    expect(changed.map(({ before, after }) => [before.name, after.name])).toEqual([['Phòng', 'Phòng mới']]);
    expect(unchanged).toBe(1);
  });

  it.each([
    ['name', 'K2,Phòng khác,,K1,,'],
    ['levels', 'K2,Phòng,thcs,K1,,'],
    ['parent', 'K2,Phòng,,,,'],
    ['enrolment', 'K2,Phòng,,K1,0,'],
    ['area', 'K2,Phòng,,K1,,Đô thị'],
  ])('counts another %s as a change', (_column, line) => {
    expect(readUnitList(readCsv(`${HEADER},enrolment,area\n${line}`), KNOWN, LEVELS).changed).toHaveLength(1);
  });

  it('of the real department after the merger has 85 units and no problem', () => {
    const levels = [...readServices(projectPath('server', 'services', 'catalogue.json')).values()]
      .filter(({ kind }) => kind === 'education')
      .map(({ code }) => code);
    const text = readFileSync(projectPath('server', 'demo', 'units-quang-ngai.csv'), 'utf8');
    const { rows, problems } = readUnitList(readCsv(text), [], new Set(levels));
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(85);
    expect(new Set(rows.map(({ _id }) => _id)).size).toBe(85);
  });
});

const KNOWN: readonly Unit[] = [known('K1', 'Sở', null), known('K2', 'Phòng', 'K1')];

function known(code: string, name: string, parent: string | null): Unit {
  return {
    _id: code,
    name,
    levels: [],
    parent,
    enrolment: null,
    area: null,
    kind: parent === null ? 'department' : 'room',
    since: null,
    until: null,
    predecessors: [],
    successors: [],
    services: [],
    linkCode: code,
  };
}

function problemsOf(text: string) {
  return readUnitList(readCsv(text), KNOWN, LEVELS).problems.map(({ line, column, key }) => [
    line,
    column,
    nameOf(key),
  ]);
}

function nameOf(key: string): string {
  return key.replace(/^(?:units|lists)\.problem\./, '');
}
