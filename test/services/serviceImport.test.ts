import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../models/serviceCatalogues.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { projectPath } from '../../server/paths.js';
import { readServices } from '../../server/services/catalogue.js';
import { SERVICE_COLUMNS, serviceCells, serviceImportOf } from '../../server/services/serviceImport.js';

const KNOWN = [...readServices(projectPath('server', 'services', 'catalogue.json')).values()];
const COLUMNS = [...SERVICE_COLUMNS.required, ...SERVICE_COLUMNS.optional];

describe('a list of services is refused, with the line and the column to mend', () => {
  it.each<[string, string, (readonly [number, string | null, string])[]]>([
    ['nothing', '', [[1, null, 'empty']]],
    ['no name column', 'code\n1.000001', [[1, 'name', 'column-missing']]],
    ['a code that Excel cut', 'code,name\n2.00191,A', [[2, 'code', 'code-cut']]],
    [
      'a code that is none',
      'code,name\n2.0019145,A\nTHPT,B\n1-2,C',
      [
        [2, 'code', 'code-form'],
        [3, 'code', 'code-form'],
        [4, 'code', 'code-form'],
      ],
    ],
    ['a code twice', 'code,name\n1.000001,A\n1.000001,B', [[3, 'code', 'code-twice']]],
    [
      'a code twice, once with the agency',
      'code,name\n1.000001,A\n1.000001.000.00.00.H48,B',
      [[3, 'code', 'code-twice']],
    ],
    [
      'no code, no name',
      'code,name,field\n,,A',
      [
        [2, 'code', 'missing'],
        [2, 'name', 'missing'],
      ],
    ],
    ['a name of 501 letters', `code,name\n1.000001,${'a'.repeat(501)}`, [[2, 'name', 'text-long']]],
    [
      'an unknown administration',
      'code,name,administration\n1.000001,A,bộ',
      [[2, 'administration', 'administration-unknown']],
    ],
    ['a day of no calendar', 'code,name,since\n1.000001,A,30/02/2025', [[2, 'since', 'day']]],
    [
      'an end before the beginning',
      'code,name,since,until\n1.000001,A,2025-07-01,2025-06-30',
      [[2, 'until', 'days-order']],
    ],
    [
      'replaced by itself',
      'code,name,replaced_by\n1.000001,A,1.000001',
      [[2, 'replaced_by', 'replaced-self']],
    ],
    [
      'replaced by nothing there is',
      'code,name,replaced_by\n1.000001,A,1.000002',
      [[2, 'replaced_by', 'replaced-unknown']],
    ],
    [
      'replaced in a circle',
      'code,name,replaced_by\n1.000001,A,1.000002\n1.000002,B,1.000001',
      [
        [2, 'replaced_by', 'replaced-circle'],
        [3, 'replaced_by', 'replaced-circle'],
      ],
    ],
  ])('%s', (_name, text, expected) => {
    const { problems } = serviceImportOf(readCsv(text), KNOWN);
    expect(
      problems.map(({ line, column, key }) => [line, column, key.replace(/^.*\.problem\./, '')]),
    ).toEqual(expected);
  });
});

describe('a list of services', () => {
  it('adds procedures with their days, and says which one took the place of another', () => {
    const { problems, added, changed, services } = serviceImportOf(
      readCsv(
        'code;name;field;administration;since;until;replaced_by\n' +
          '1.000001.000.00.00.H48;Thủ tục cũ;Thi;Cấp xã;;30/06/2025;1.000002\n' +
          '1.000002;Thủ tục mới;Thi;commune;01/07/2025;;\n' +
          '2.002854;Chuyển trường;;;;;\n',
      ),
      KNOWN,
    );
    expect(problems).toEqual([]);
    expect(added).toMatchObject([
      {
        code: '1.000001',
        kind: 'procedure',
        name: { vi: 'Thủ tục cũ', en: 'Thủ tục cũ' },
        administration: 'commune',
        until: '2025-06-30',
        replacedBy: '1.000002',
      },
      { code: '1.000002', since: '2025-07-01', until: null, replacedBy: null },
    ]);
    expect(changed.map(({ before, after }) => [before.name.vi, after.name, after.field])).toEqual([
      [
        'Chuyển trường và tiếp nhận học sinh',
        { vi: 'Chuyển trường', en: 'Transfer and admission of students' },
        undefined,
      ],
    ]);
    expect(services).toHaveLength(KNOWN.length + 2);
  });

  it('leaves what it has no column for, and services that it does not name', () => {
    const { added, changed, unchanged, services } = serviceImportOf(
      readCsv('code,name\nthcs,Giáo dục trung học cơ sở'),
      KNOWN,
    );
    expect([added, changed, unchanged]).toEqual([[], [], 1]);
    expect(services.map(({ code }) => code).sort()).toEqual(KNOWN.map(({ code }) => code).sort());
  });

  it('that was exported changes nothing, and what is stored is what it says', () => {
    const days = fc.constantFrom(null, '2024-01-01', '2025-06-30');
    const text = fc.constantFrom('Một', 'Hai, ba', '"Bốn"');
    const procedure = fc.record({
      code: fc.integer({ min: 1, max: 5 }).map((number) => `1.00000${number}`),
      name: text,
      field: fc.option(text, { nil: undefined }),
      since: days,
    });
    fc.assert(
      fc.property(fc.uniqueArray(procedure, { selector: ({ code }) => code, minLength: 1 }), (rows) => {
        const list = readCsv(
          [
            'code,name,field,since',
            ...rows.map(({ code, name, field, since }) =>
              [code, name, field ?? '', since ?? '']
                .map((cell) => `"${cell.replaceAll('"', '""')}"`)
                .join(','),
            ),
          ].join('\n'),
        );
        const { problems, services } = serviceImportOf(list, KNOWN);
        expect(problems).toEqual([]);
        const byCode = new Map(services.map((service): [string, Service] => [service.code, service]));
        for (const { code, name, field, since } of rows)
          expect(byCode.get(code)).toMatchObject({
            name: { vi: name },
            since,
            ...(field ? { field: { vi: field } } : {}),
          });
        const exported = [COLUMNS, ...services.map(serviceCells)].map((cells, index) => ({
          line: index + 1,
          cells: [...cells],
        }));
        const again = serviceImportOf({ lines: exported, problems: [] }, services);
        expect([again.problems, again.added, again.changed]).toEqual([[], [], []]);
      }),
      { numRuns: 300 },
    );
  });
});
