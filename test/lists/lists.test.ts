import fc from 'fast-check';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { csvText, readCsv } from '../../server/lists/csvLines.js';
import type { ReadList } from '../../server/lists/list.js';
import { tableOf } from '../../server/lists/listTable.js';
import { readList } from '../../server/lists/readList.js';
import { type WrittenList, writeCsv, writeXlsx } from '../../server/lists/writeList.js';

describe('a file is refused', () => {
  it.each<[string, Buffer, string]>([
    ['in another encoding', Buffer.from('m\xe3,t\xean\n', 'latin1'), 'encoding'],
    ['in which letters were lost', Buffer.from('code,name\nA,Tr\ufffdng'), 'encoding'],
    ['with an open quote', Buffer.from('code,name\nA,"B'), 'quotes'],
    ['of Excel 97', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'xls'],
    ['that begins like XLSX and is none', Buffer.from('PK\x03\x04 and nothing more'), 'xlsx-broken'],
    ['of another kind in a ZIP archive', zipped({ 'word/document.xml': '<w/>' }), 'xlsx-broken'],
    ['with a sheet and no workbook', zipped({ 'xl/worksheets/sheet1.xml': sheet('') }), 'xlsx-broken'],
    ['with a sheet that is no XML', workbook('<worksheet><sheetData><row r="1"><c r="A1"'), 'xlsx-broken'],
    ['that unpacks to 50 MB', workbook(sheet(' '.repeat(50 * 1024 * 1024))), 'xlsx-too-large'],
    [
      'with a cell very far to the right',
      workbook(sheet(row(1, cell('XFD1')) + row(2_000, cell('A2000')))),
      'xlsx-too-large',
    ],
    ['with a cell outside every sheet', workbook(sheet(row(1, cell('ZZZZZZ1')))), 'xlsx-broken'],
    [
      'with a cell whose place is hidden from us',
      workbook(sheet(row(1, '<x:c r="&#90;ZZZZZ1"><v>1</v></x:c>'))),
      'xlsx-broken',
    ],
    [
      'with two places for one cell',
      workbook(sheet(row(1, '<c r="A1" r="ZZZZZZ1"><v>1</v></c>'))),
      'xlsx-broken',
    ],
    ['with a row very far down', workbook(sheet(row(1_048_576, cell('A1048576')))), 'xlsx-too-large'],
    ['with more than 2000 parts', zipped(manyParts()), 'xlsx-too-large'],
  ])('%s', async (_name, bytes, problem) => {
    const read = await readList(bytes);
    expect(read.lines).toEqual([]);
    expect(read.problems.map(({ key }) => key)).toEqual([`lists.problem.${problem}`]);
  });

  it('that says it is small and is not: what is unpacked never exceeds what was said', async () => {
    const honest = workbook(sheet(row(1, cell('A1')) + ' '.repeat(8 * 1024 * 1024)));
    // The size of the sheet, as the archive's directory and its own header tell it.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(unzipSync(honest)['xl/worksheets/sheet1.xml']?.length ?? 0);
    const lying = Buffer.from(honest);
    const small = Buffer.from([0x40, 0, 0, 0]);
    for (let at = lying.indexOf(size); at >= 0; at = lying.indexOf(size, at + 1)) small.copy(lying, at);
    const before = process.memoryUsage().arrayBuffers;
    expect((await readList(lying)).problems.map(({ key }) => key)).toEqual(['lists.problem.xlsx-broken']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  });

  it('whatever its bytes are, without an error', async () => {
    const good = workbook(sheet(row(1, cell('A1'))));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(good.length),
        async (changes, cut) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          const { lines, problems } = await readList(bytes.subarray(0, cut));
          if (problems.length > 0) expect(lines).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('where a cell shows an error or a number that Excel cut, with its row and column', async () => {
    const bytes = workbook(
      sheet(
        row(1, cell('A1')) +
          row(3, '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C3"><v>1.2345678901234568E+17</v></c>'),
      ),
    );
    const { problems } = await readList(bytes);
    expect(problems).toEqual([
      { line: 3, column: 'B', key: 'lists.problem.cell-error', parameters: { value: '#DIV/0!' } },
      {
        line: 3,
        column: 'C',
        key: 'lists.problem.number-inexact',
        parameters: { value: '123456789012345680' },
      },
    ]);
  });
});

describe('a CSV file', () => {
  const lines = [
    { line: 1, cells: ['code', 'name', 'parent'] },
    { line: 2, cells: ['T01', 'Trường “Sông Trà”', ''] },
    { line: 3, cells: ['T02', 'Trường Ba Tơ', 'SO'] },
  ];
  const tabbed = 'code\tname\tparent\r\nT01\tTrường “Sông Trà”\t\r\nT02\tTrường Ba Tơ\tSO\r\n';
  const utf16 = Buffer.from(`\ufeff${tabbed}`, 'utf16le');

  it.each<[string, Buffer]>([
    ['with commas', Buffer.from(tabbed.replaceAll('\t', ','))],
    ['with semicolons', Buffer.from(tabbed.replaceAll('\t', ';'))],
    ['copied from a spreadsheet, with tabs', Buffer.from(tabbed)],
    ['saved by Excel as Unicode Text', utf16],
    ['in UTF-16 with the high byte first', Buffer.from(utf16).swap16()],
  ])('%s is read', async (_name, bytes) => {
    expect(await readList(bytes)).toEqual({ lines, problems: [] });
  });

  it('copied from a spreadsheet keeps an empty first cell, and quotes within a name', async () => {
    const { lines: read } = await readList(Buffer.from('code\tname\n\tTrường "A" xã B\n'));
    expect(read.at(-1)).toEqual({ line: 2, cells: ['', 'Trường "A" xã B'] });
  });

  it('in half of a UTF-16 letter is refused', async () => {
    const { problems } = await readList(utf16.subarray(0, -1));
    expect(problems.map(({ key }) => key)).toEqual(['lists.problem.encoding']);
  });
});

describe('an XLSX file', () => {
  it('is read as text, with codes, noughts, numbers and days as they were', async () => {
    const bytes = await writeXlsxFile(
      [
        ['Mã', 'Tên', 'Số', 'Ngày'],
        ['001', '2.002854', 2.002854, new Date('2025-07-01T00:00:00Z')],
        [null, null, null, null],
        ['1.010497', ' Trường A ', 1200, new Date('2025-07-01T08:30:00Z')],
        ['0001234567890123456', '=1+1', 0.1 + 0.2, null],
      ],
      { sheet: 'Danh sách', dateFormat: 'dd/mm/yyyy' },
    ).toBuffer();
    expect(await readList(bytes)).toEqual({
      lines: [
        { line: 1, cells: ['Mã', 'Tên', 'Số', 'Ngày'] },
        { line: 2, cells: ['001', '2.002854', '2.002854', '2025-07-01'] },
        { line: 4, cells: ['1.010497', 'Trường A', '1200', '2025-07-01 08:30:00'] },
        { line: 5, cells: ['0001234567890123456', '=1+1', '0.30000000000000004'] },
      ],
      problems: [],
    });
  });

  it('may have numbers as Excel keeps them, cells without anything far out, and cells that a formula filled', async () => {
    const bytes = workbook(
      sheet(
        row(
          1,
          '<c r="A1"><v>2.0028540000000001</v></c><c r="B1" t="str"><f>X</f><v>Tên</v></c><c r="XFD1" s="0"/>',
        ) + row(2, '<c r="A2" t="inlineStr"><is><r><t>Trường </t></r><r><t>A</t></r></is></c>'),
      ),
    );
    expect((await readList(bytes)).lines).toEqual([
      { line: 1, cells: ['2.002854', 'Tên'] },
      { line: 2, cells: ['Trường A'] },
    ]);
  });
});

describe('a list that was written', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '=',
          '+',
          '-',
          '@',
          '"',
          ',',
          ';',
          "'",
          '\n',
          ' ',
          '001',
          '2.00',
          'Đ',
          'ạ',
          '|',
          '＝',
        ),
        fc.string({ unit: 'grapheme-composite', maxLength: 3 }),
      ),
      { maxLength: 5 },
    )
    .map((parts) =>
      parts
        .join('')
        .replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffd\ufffe\uffff]/gu, '')
        .trim(),
    )
    // What only looks like our own guard against formulas cannot be told from it.
    .filter(
      (cell) => !/^'[=+\-@＝＋－＠]/.test(cell) && !/_x[0-9a-f]{4}_/i.test(cell) && !cell.startsWith('#'),
    );
  const list = fc.integer({ min: 1, max: 5 }).chain((width) =>
    fc.array(fc.array(text, { minLength: width, maxLength: width }), { maxLength: 6 }).map((rows) => ({
      columns: Array.from({ length: width }, (_, column) => `cột ${column}`),
      rows,
    })),
  );

  it('as CSV reads as it was', async () => {
    await fc.assert(
      fc.asyncProperty(list, async (written) => {
        const bytes = Buffer.concat(
          await writeCsv(written)
            .map((part) => Buffer.from(part as string))
            .toArray(),
        );
        expect(contentOf(await readList(bytes))).toEqual(contentOf(asRead(written)));
      }),
      { numRuns: 300 },
    );
  });

  it('as XLSX reads as it was', async () => {
    await fc.assert(
      fc.asyncProperty(list, async (written) => {
        const bytes = await writeXlsx(written, 'Danh sách: [1]');
        expect(contentOf(await readList(bytes))).toEqual(contentOf(asRead(written)));
      }),
      { numRuns: 100 },
    );
  });

  it('is carried from page to page as it was', () => {
    fc.assert(
      fc.property(list, (written) => {
        const carried = readCsv(csvText(asRead(written).lines));
        expect(contentOf(carried)).toEqual(contentOf(asRead(written)));
      }),
    );
  });

  it('runs no formula in a spreadsheet', async () => {
    const written = { columns: ['=a'], rows: [['=1+1'], ['@x'], ['-1'], ['an']] };
    const csv = Buffer.concat(
      await writeCsv(written)
        .map((part) => Buffer.from(part as string))
        .toArray(),
    );
    expect(csv.toString()).toBe('\ufeff"\'=a"\r\n"\'=1+1"\r\n"\'@x"\r\n"\'-1"\r\n"an"');
  });
});

describe('the columns of a list', () => {
  const columns = { required: ['code'], optional: ['name'] };

  it.each([
    ['', 'empty'],
    ['code', 'empty'],
    ['name\nA', 'column-missing'],
    ['code,phone\nA,1', 'column-unknown'],
    ['code,code\nA,B', 'column-twice'],
    [`${'code,'.repeat(201)}\nA`, 'too-many-cells'],
    ['code\nA,B', 'too-many-cells'],
  ])('%j is refused', (text, problem) => {
    expect(tableOf(readCsv(text), columns).problems.map(({ key }) => key)).toContain(
      `lists.problem.${problem}`,
    );
  });

  it('may come in any order; cells are composed and rid of what nobody sees', () => {
    const { columns: found, lines } = tableOf(
      readCsv(`Name;CODE\nTru\u031bo\u031b\u0300ng\u200b;A`),
      columns,
    );
    expect(found).toEqual(['name', 'code']);
    expect(lines.map(({ line, cell }) => [line, cell('code'), cell('name')])).toEqual([[2, 'A', 'Trường']]);
  });
});

function asRead({ columns, rows }: WrittenList): ReadList {
  return {
    lines: [columns, ...rows].map((cells, index) => ({ line: index + 1, cells: [...cells] })),
    problems: [],
  };
}

/** Cells without the empty ones at the end of a line, and lines that hold anything. */
function contentOf({ lines, problems }: ReadList) {
  const held = lines.map(({ cells }) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1));
  return { lines: held.filter((cells) => cells.length > 0), problems };
}

function zipped(parts: Record<string, string>): Buffer {
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]))),
  );
}

function workbook(sheetXml: string): Buffer {
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zipped({
    'xl/workbook.xml': `<workbook xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
    'xl/worksheets/sheet1.xml': sheetXml,
  });
}

function sheet(rows: string): string {
  return `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
}

function row(number: number, cells: string): string {
  return `<row r="${number}">${cells}</row>`;
}

function cell(place: string): string {
  return `<c r="${place}"><v>1</v></c>`;
}

function manyParts(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 2_100 }, (_, part) => [`xl/media/${part}.png`, '']));
}
