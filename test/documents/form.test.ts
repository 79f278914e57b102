/** The form of an official document, as NĐ 30/2020/NĐ-CP, Phụ lục I, has it: read from the XML, not from the code. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { gap, heading, type OfficialDocument, paragraph, text } from '../../server/documents/form/content.js';
import { wordFile } from '../../server/documents/form/wordFile.js';
import { elements, numberIn, only, WordFile } from './wordReader.js';

const MILLIMETRE = 1440 / 25.4;

const DOCUMENT: OfficialDocument = {
  kind: 'KẾ HOẠCH',
  kindInText: 'Kế hoạch',
  about: 'Khảo sát sự hài lòng của người dân',
  superior: 'UBND tỉnh Quảng Ngãi',
  agency: 'Sở Giáo dục và Đào tạo',
  number: '05',
  symbol: 'KH-SGDĐT',
  place: 'Quảng Ngãi',
  day: '2026-02-05' as Day,
  year: '2026',
  standing: null,
  grounds: ['Căn cứ Quyết định;'],
  blocks: [
    heading(1, 'I. Mục đích'),
    heading(2, '1. Yêu cầu'),
    heading(3, 'a) Chung'),
    paragraph(text`Chữ có dấu: Ữ Ẫ Ặ đ, số ${gap('số tiền')}, <&>"' và \u0001 điều khiển.`),
    {
      kind: 'table',
      caption: 'Bảng',
      columns: [
        { heading: 'TT', width: 10, align: 'mark' },
        { heading: 'Tên & <tên>', width: 60 },
        { heading: 'Số', width: 30, align: 'number' },
      ],
      rows: [
        { cells: ['1', 'Trường "A" <b>', '1.234'] },
        { group: 'Nhóm' },
        { cells: ['', 'Cộng', '1.234'], total: true },
      ],
    },
  ],
  recipients: ['UBND tỉnh', 'Lưu: VT'],
  position: ['KT. Giám đốc', 'Phó Giám đốc'],
  signer: 'Nguyễn Văn Ân',
  appendices: [
    { title: 'Chỉ tiêu', blocks: [paragraph('Một')] },
    { title: 'Bảng rộng', blocks: [paragraph('Hai')], landscape: true },
  ],
};

let file: WordFile;

beforeAll(async () => {
  file = new WordFile(await wordFile(DOCUMENT));
});

/** The run properties of a style, those of what it is based on below them. */
function styleOf(id: string): {
  size: number;
  bold: boolean;
  italics: boolean;
  capitals: boolean;
  spacing: Element | undefined;
  jc: string;
} {
  const styles = elements(file.xml('word/styles.xml'), 'w:style');
  const style = styles.find((each) => each.getAttribute('w:styleId') === id);
  if (!style) throw new Error(`no style ${id}`);
  const isOn = (name: string) => {
    const [mark] = elements(style, name);
    return mark !== undefined && mark.getAttribute('w:val') !== 'false';
  };
  return {
    size: numberIn(elements(style, 'w:sz')[0], 'w:val') / 2,
    bold: isOn('w:b'),
    italics: isOn('w:i'),
    capitals: isOn('w:caps'),
    spacing: elements(style, 'w:spacing')[0] as unknown as Element | undefined,
    jc: elements(style, 'w:jc')[0]?.getAttribute('w:val') ?? '',
  };
}

describe('the page', () => {
  it('is A4 with the margins of the decree, turned for a wide appendix', () => {
    const sections = elements(file.body, 'w:sectPr');
    expect(sections).toHaveLength(3);
    const sizes = sections.map((section) => {
      const [size, margin] = [only(section, 'w:pgSz'), only(section, 'w:pgMar')];
      return {
        width: Math.round(numberIn(size, 'w:w') / MILLIMETRE),
        height: Math.round(numberIn(size, 'w:h') / MILLIMETRE),
        ...Object.fromEntries(
          ['top', 'bottom', 'left', 'right'].map((side) => [
            side,
            Math.round(numberIn(margin, `w:${side}`) / MILLIMETRE),
          ]),
        ),
      };
    });
    const upright = { width: 210, height: 297, top: 20, bottom: 20, left: 30, right: 15 };
    expect(sizes).toEqual([
      upright,
      upright,
      { width: 297, height: 210, top: 30, bottom: 15, left: 20, right: 20 },
    ]);
  });

  it('has its number in the middle of the upper margin, of size 13 or 14, but not on the first page', () => {
    const [first, ...others] = elements(file.body, 'w:sectPr');
    expect(first && elements(first, 'w:titlePg')).toHaveLength(1);
    for (const section of others)
      expect(elements(section, 'w:titlePg').map((mark) => mark.getAttribute('w:val'))).toEqual(['false']);
    const relations = elements(file.xml('word/_rels/document.xml.rels'), 'Relationship');
    const headers = new Map(
      (first ? elements(first, 'w:headerReference') : []).map((reference) => {
        const relation = relations.find((each) => each.getAttribute('Id') === reference.getAttribute('r:id'));
        return [reference.getAttribute('w:type'), file.xml(`word/${relation?.getAttribute('Target')}`)];
      }),
    );
    const field = headers.get('default');
    expect(field && elements(field, 'w:instrText').map(({ textContent }) => textContent?.trim())).toEqual([
      'PAGE',
    ]);
    expect(field && elements(field, 'w:pStyle')[0]?.getAttribute('w:val')).toBe('SoTrang');
    expect(headers.get('first')?.textContent?.trim()).toBe('');
    expect(styleOf('SoTrang')).toMatchObject({ size: 13, jc: 'center' });
    expect(numberIn(first && only(first, 'w:pgMar'), 'w:header')).toBeLessThan(20 * MILLIMETRE);
  });
});

describe('the letters', () => {
  it('are Times New Roman 14, black, Vietnamese', () => {
    const defaults = only(file.xml('word/styles.xml'), 'w:rPrDefault');
    for (const kind of ['w:ascii', 'w:hAnsi', 'w:cs', 'w:eastAsia'])
      expect(only(defaults, 'w:rFonts').getAttribute(kind)).toBe('Times New Roman');
    expect(numberIn(only(defaults, 'w:sz'), 'w:val')).toBe(28);
    expect(only(defaults, 'w:color').getAttribute('w:val')).toBe('000000');
    expect(only(defaults, 'w:lang').getAttribute('w:val')).toBe('vi-VN');
    const fonts = elements(file.body, 'w:rFonts');
    expect(fonts).toEqual([]);
  });

  it.each([
    ['QuocHieu', { size: 13, bold: true, jc: 'center' }],
    ['TieuNgu', { size: 14, bold: true, jc: 'center' }],
    ['CoQuanChuQuan', { size: 13, bold: false, capitals: true, jc: 'center' }],
    ['CoQuanBanHanh', { size: 13, bold: true, capitals: true, jc: 'center' }],
    ['SoKyHieu', { size: 13, bold: false }],
    ['DiaDanhThoiGian', { size: 14, italics: true, jc: 'center' }],
    ['TenLoai', { size: 14, bold: true, jc: 'center' }],
    ['TrichYeu', { size: 14, bold: true, capitals: false, jc: 'center' }],
    ['CanCu', { size: 14, italics: true, jc: 'both' }],
    ['NoiDung', { size: 14, bold: false, italics: false, jc: 'both' }],
    ['Heading1', { size: 14, bold: true, capitals: true }],
    ['Heading2', { size: 14, bold: true, capitals: false }],
    ['Heading3', { size: 14, bold: false, capitals: false }],
    ['NoiNhan', { size: 12, bold: true, italics: true }],
    ['NoiNhanDong', { size: 11, bold: false }],
    ['ChucVuNguoiKy', { size: 14, bold: true, capitals: true, jc: 'center' }],
    ['HoTenNguoiKy', { size: 14, bold: true, capitals: false, jc: 'center' }],
    ['PhuLuc', { size: 14, bold: true, jc: 'center' }],
    ['TenPhuLuc', { size: 14, bold: true, capitals: true, jc: 'center' }],
  ])('of %s are as the decree has them', (id, look) => {
    expect(styleOf(id)).toMatchObject(look);
  });

  it('of the text stand at least 6 points apart, one to one and a half lines, with an indented first line', () => {
    const style = elements(file.xml('word/styles.xml'), 'w:style').find(
      (each) => each.getAttribute('w:styleId') === 'NoiDung',
    );
    if (!style) throw new Error('no style NoiDung');
    const spacing = only(style, 'w:spacing');
    expect(numberIn(spacing, 'w:after')).toBeGreaterThanOrEqual(6 * 20);
    expect(spacing.getAttribute('w:lineRule')).toBe('auto');
    expect(numberIn(spacing, 'w:line') / 240).toBeGreaterThanOrEqual(1);
    expect(numberIn(spacing, 'w:line') / 240).toBeLessThanOrEqual(1.5);
    const indent = numberIn(only(style, 'w:ind'), 'w:firstLine') / MILLIMETRE;
    expect(indent).toBeGreaterThanOrEqual(10);
    expect(indent).toBeLessThanOrEqual(12.8);
  });
});

describe('the document', () => {
  it('has every part of the form, in order', () => {
    const text = file.text();
    const parts = [
      'UBND tỉnh Quảng Ngãi',
      'Sở Giáo dục và Đào tạo',
      'Số: 05/KH-SGDĐT',
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Độc lập - Tự do - Hạnh phúc',
      'Quảng Ngãi, ngày 05 tháng 02 năm 2026',
      'KẾ HOẠCH',
      'Khảo sát sự hài lòng của người dân',
      'Căn cứ Quyết định;',
      'I. Mục đích',
      'Nơi nhận:',
      '- UBND tỉnh;',
      '- Lưu: VT.',
      'KT. Giám đốc',
      'Nguyễn Văn Ân',
      'Phụ lục I',
      '(Kèm theo Kế hoạch số 05/KH-SGDĐT ngày 05 tháng 02 năm 2026 của Sở Giáo dục và Đào tạo)',
      'Phụ lục II',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('has rules below agency, motto and subject, and no text boxes or numbering of Word’s own', () => {
    const borders = elements(file.body, 'w:pBdr');
    expect(borders.length).toBe(3 + DOCUMENT.appendices.length);
    for (const name of ['w:numPr', 'w:txbxContent', 'wps:txbx', 'v:textbox'])
      expect(elements(file.body, name)).toEqual([]);
  });

  it('repeats the head of a table on each page, cuts no row, and puts numbers on the right', () => {
    const [head, ...rows] = file.tableUnder('Bảng');
    expect(head).toMatchObject({ isHead: true, isWhole: true, cells: ['TT', 'Tên & <tên>', 'Số'] });
    for (const row of rows) expect(row).toMatchObject({ isHead: false, isWhole: true });
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', 'Trường "A" <b>', '1.234'],
      ['Nhóm'],
      ['', 'Cộng', '1.234'],
    ]);
    expect(styleOf(rows[0]?.styles[2] ?? '')).toMatchObject({ jc: 'right' });
    expect(styleOf(rows[0]?.styles[1] ?? '')).toMatchObject({ jc: 'left' });
    const table = elements(file.body, 'w:tbl').find((each) => elements(each, 'w:tblHeader').length > 0);
    const widths = (table ? elements(table, 'w:gridCol') : []).map(
      (column) => numberIn(column, 'w:w') / MILLIMETRE,
    );
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(165, 0);
  });

  it('keeps every letter, and leaves out what XML cannot hold', () => {
    expect(file.text()).toContain(`Chữ có dấu: Ữ Ẫ Ặ đ, số …… [số tiền], <&>"' và  điều khiển.`);
    expect(file.marked()).toEqual(['…… [số tiền]']);
  });

  it('says what it is', () => {
    const properties = file.xml('docProps/core.xml');
    expect(only(properties, 'dc:title').textContent).toBe('Kế hoạch: Khảo sát sự hài lòng của người dân');
    expect(only(properties, 'dc:creator').textContent).toBe('Sở Giáo dục và Đào tạo');
    expect(only(properties, 'cp:lastModifiedBy').textContent).toBe('Sở Giáo dục và Đào tạo');
  });
});
