import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvColumn, type CsvRows, csvOf } from '../../server/lists/csvFile.js';
import type { CsvForm } from '../../server/lists/csvForm.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { keptAsText, unguarded } from '../../server/lists/formula.js';
import { textOf, wholeFile } from '../exports/wholeFile.js';

const FORMS: CsvForm[] = ([',', ';'] as const).flatMap((separator) =>
  (['.', ','] as const).map((decimal) => ({ separator, decimal })),
);

interface Row {
  readonly text: string;
  readonly whole: number | null;
  readonly decimal: number | null;
}

const COLUMNS: CsvColumn<Row>[] = [
  { heading: 'Chữ; "và, dấu"', cell: ({ text }) => text },
  { heading: '=Số', cell: ({ whole }) => whole },
  { heading: 'Thập phân', cell: ({ decimal }) => ({ value: decimal, decimals: 2 }) },
];

/** Text of every kind: what a spreadsheet would read as something else, quotes, line breaks, any character. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      ',',
      ';',
      '\r',
      '\n',
      '\r\n',
      '=',
      '0',
      '1',
      '.',
      '-',
      'E',
      ' ',
      '\t',
      '#',
    ),
  }),
  fc.constantFrom('0012', '2.002854', '1-2', 'MAR1', 'TRUE', '#', "'", "''x", '\ufeff', '"#",1'),
);

const anyRow = fc.record({
  text: anyText,
  whole: fc.option(fc.integer()),
  decimal: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
});

async function written(rows: CsvRows<Row>, form: CsvForm): Promise<string> {
  let text = '';
  for await (const piece of csvOf(rows, COLUMNS, form, 'vi')) text += piece;
  return text;
}

describe.each(FORMS)('a file with $separator between cells and $decimal in numbers', (form) => {
  it('gives back every cell as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), async (rows) => {
        const { headings, rows: read } = wholeFile(await written(rows, form), form.separator);
        expect(headings).toEqual(['Chữ; "và, dấu"', "'=Số", 'Thập phân']);
        expect(read.map(([text = '', whole = '', decimal = '']) => [textOf(text), whole, decimal])).toEqual(
          rows.map(({ text, whole, decimal }) => [
            text,
            whole === null ? '' : String(whole),
            decimal === null ? '' : decimal.toFixed(2).replace('.', form.decimal),
          ]),
        );
      }),
    );
  });

  it('has no cell that a spreadsheet would run, or take for a number or a day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (rows) => {
        const { rows: read } = wholeFile(await written(rows, form), form.separator);
        for (const [text = ''] of read) {
          expect(text).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
          expect(text).not.toMatch(/^\s*[\d.,:/-]*\d[\d.,:/-]*\s*$/);
        }
      }),
    );
  });

  it('is not taken for whole wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 6 }), fc.nat(), async (rows, at) => {
        const whole = await written(rows, form);
        // All but the last line break, which no reader misses.
        const cut = whole.slice(0, at % (whole.length - 3));
        expect(() => wholeFile(cut, form.separator)).toThrow();
      }),
    );
  });
});

describe('a file whose rows break off', () => {
  async function* breaking(batches: number): AsyncGenerator<Row[]> {
    for (let batch = 0; batch < batches; batch += 1)
      yield [{ text: `dòng ${batch}`, whole: batch, decimal: null }];
    throw new Error('the database is gone');
  }
  const form: CsvForm = { separator: ',', decimal: '.' };

  it('says so in its last line, and throws', async () => {
    const pieces = csvOf(breaking(3), COLUMNS, form, 'vi');
    let text = '';
    await expect(async () => {
      for await (const piece of pieces) text += piece;
    }).rejects.toThrow('the database is gone');
    expect(text).toContain('"dòng 1"');
    expect(text.trimEnd().split('\r\n').at(-1)).toBe(
      '"#",,"TỆP KHÔNG TRỌN VẸN: bị ngắt giữa chừng, xin tải lại"',
    );
    expect(() => wholeFile(text)).toThrow('says nothing');
  });

  it('says nothing where not even the first row came, so that there can be a page instead', async () => {
    const pieces = csvOf(breaking(0), COLUMNS, form, 'vi');
    await expect(pieces.next()).rejects.toThrow('the database is gone');
  });

  it('lets go of its rows where nobody reads on', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Row[]> {
      try {
        for (;;) yield [{ text: 'x'.repeat(1000), whole: 1, decimal: 1 }];
      } finally {
        ended = true;
      }
    }
    const pieces = csvOf(endless(), COLUMNS, form, 'vi');
    await pieces.next();
    await pieces.return(0);
    await expect.poll(() => ended).toBe(true);
  });
});

describe('text that a spreadsheet would read as something else', () => {
  it.each([
    ['2.002854', 'a code that would lose its last nought or its point'],
    ['0012', 'a code with leading noughts'],
    ['1-2', 'a day'],
    ['12/5', 'a day'],
    ['3.5.2026', 'a day'],
    ['MAR1', 'a day in English'],
    ['1 Jan', 'a day in English'],
    ['thg 5 2026', 'a month in Vietnamese'],
    ['1E5', 'a number'],
    ['12:30', 'a time'],
    ['5 PM', 'a time'],
    ['TRUE', 'a truth value'],
    ['50%', 'per cent'],
    ['(5)', 'minus five'],
    ['#N/A', 'an error'],
    ['=1+1', 'a formula'],
    ["'tên", 'text with an apostrophe of its own'],
  ])('%s gets an apostrophe: it is %s', (text) => {
    expect(keptAsText(text)).toBe(`'${text}`);
  });

  it.each([
    'Trường THCS 19 Tháng 5',
    'KT025',
    'thcs',
    'A01',
    'under-2-km',
    '2.002854.000.00.00.H48',
    '(ẩn)',
    'Xã 3',
    '',
  ])('%s stays as it is', (text) => {
    expect(keptAsText(text)).toBe(text);
  });

  it('loses the apostrophe when our lists are read again', () => {
    for (const text of ['2.002854', '0012', '=1+1']) expect(unguarded(keptAsText(text))).toBe(text);
    expect(unguarded("'tên")).toBe("'tên");
  });

  it('comes back in a list that is read from such a file, whose last line is no entry of it', async () => {
    const text = await written([{ text: '0012', whole: 7, decimal: 1.5 }], { separator: ';', decimal: ',' });
    const { lines, problems } = readCsv(text);
    expect(problems).toEqual([]);
    expect(lines.map(({ cells }) => cells)).toEqual([
      ['Chữ; "và, dấu"', '=Số', 'Thập phân'],
      ['0012', '7', '1,50'],
    ]);
  });

  it('is refused in a list where the file was cut off', async () => {
    const rows = [1, 2, 3].map((whole) => ({ text: `dòng ${whole}`, whole, decimal: null }));
    const text = await written(rows, { separator: ',', decimal: '.' });
    const lines = text.split('\r\n');
    const { problems } = readCsv([...lines.slice(0, 2), ...lines.slice(3)].join('\r\n'));
    expect(problems).toMatchObject([{ key: 'lists.problem.cut', line: 4 }]);
  });
});
