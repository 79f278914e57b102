/**
 * The styles of an official document, each under a name that the office finds in Word and can change for the whole
 * document. Headings are Word's own, so that the navigation pane and a table of contents work.
 */
import { AlignmentType, type IParagraphStyleOptions, type IStylesOptions, LineRuleType } from 'docx';
import { phrase } from '../wording.js';
import { FONT, points, twips } from './layout.js';

/** Ids of the paragraph styles. */
export const STYLE = {
  body: 'NoiDung',
  state: 'QuocHieu',
  motto: 'TieuNgu',
  superior: 'CoQuanChuQuan',
  agency: 'CoQuanBanHanh',
  number: 'SoKyHieu',
  placeAndDay: 'DiaDanhThoiGian',
  kind: 'TenLoai',
  about: 'TrichYeu',
  standing: 'TinhTrangSoLieu',
  ground: 'CanCu',
  rule: 'DuongKe',
  cell: 'OBang',
  cellNumber: 'OBangSo',
  cellMark: 'OBangGiua',
  cellHead: 'DauBang',
  cellGroup: 'NhomBang',
  denseCell: 'OBangNho',
  denseNumber: 'OBangNhoSo',
  denseMark: 'OBangNhoGiua',
  denseHead: 'DauBangNho',
  denseGroup: 'NhomBangNho',
  caption: 'Caption',
  figure: 'Hinh',
  formula: 'CongThuc',
  note: 'GhiChu',
  recipientsHead: 'NoiNhan',
  recipient: 'NoiNhanDong',
  position: 'ChucVuNguoiKy',
  signer: 'HoTenNguoiKy',
  appendix: 'PhuLuc',
  appendixTitle: 'TenPhuLuc',
  appendixOf: 'PhuLucKemTheo',
  pageNumber: 'SoTrang',
} as const;

/** Id of the character style of what is to be filled in or confirmed. */
export const TO_FILL_IN = 'CanDien';

const half = (size: number) => size * 2;
const centred = AlignmentType.CENTER;

/** Single spacing without gaps: heads, tables, signatures. */
const tight = { before: 0, after: 0, line: 240 };

interface Look {
  readonly size: number;
  readonly bold?: boolean;
  readonly italics?: boolean;
  readonly capitals?: boolean;
  readonly alignment?: (typeof AlignmentType)[keyof typeof AlignmentType];
  readonly spacing?: { before: number; after: number; line?: number };
  readonly indent?: { firstLine?: number; left?: number; hanging?: number };
  readonly keepNext?: boolean;
  readonly basedOn?: string;
  readonly next?: string;
}

function style(key: keyof typeof STYLE, look: Look): IParagraphStyleOptions {
  const { size, bold = false, italics = false, capitals = false, alignment, spacing = tight } = look;
  return {
    id: STYLE[key],
    // Word knows its own caption by this name alone.
    name: key === 'caption' ? key : phrase(`style.${key}`),
    basedOn: look.basedOn ?? 'Normal',
    ...(look.next ? { next: look.next } : {}),
    quickFormat: true,
    run: { size: half(size), bold, italics, allCaps: capitals },
    paragraph: {
      spacing: { ...spacing, lineRule: LineRuleType.AUTO },
      ...(alignment ? { alignment } : {}),
      ...(look.indent ? { indent: look.indent } : {}),
      ...(look.keepNext ? { keepNext: true } : {}),
    },
  };
}

const gap = { before: 0, after: points(6), line: 276, lineRule: LineRuleType.AUTO };

function cells(
  size: number,
  keys: Readonly<Record<'cell' | 'number' | 'mark' | 'head' | 'group', keyof typeof STYLE>>,
) {
  const spacing = { before: points(size > 11 ? 2 : 1), after: points(size > 11 ? 2 : 1), line: 240 };
  return [
    style(keys.cell, { size, spacing, alignment: AlignmentType.LEFT }),
    style(keys.number, { size, spacing, alignment: AlignmentType.RIGHT }),
    style(keys.mark, { size, spacing, alignment: centred }),
    style(keys.head, { size, bold: true, spacing, alignment: centred }),
    style(keys.group, { size, bold: true, spacing, alignment: AlignmentType.LEFT, keepNext: true }),
  ];
}

const headings = (bold: boolean, capitals: boolean) => ({
  run: { font: FONT, size: half(14), bold, italics: false, color: '000000', allCaps: capitals },
  paragraph: {
    spacing: { before: points(6), after: points(6), line: 276, lineRule: LineRuleType.AUTO },
    indent: { firstLine: twips(12.7) },
    alignment: AlignmentType.JUSTIFIED,
    keepNext: true,
  },
});

/** Every style. */
export const styles: IStylesOptions = {
  default: {
    document: {
      run: { font: FONT, size: half(14), color: '000000', language: { value: 'vi-VN', eastAsia: 'vi-VN' } },
      paragraph: { spacing: gap },
    },
    heading1: headings(true, true),
    heading2: headings(true, false),
    heading3: headings(false, false),
  },
  characterStyles: [
    { id: TO_FILL_IN, name: phrase('style.to-fill-in'), basedOn: 'DefaultParagraphFont', quickFormat: true },
  ],
  paragraphStyles: [
    style('body', {
      size: 14,
      spacing: gap,
      indent: { firstLine: twips(12.7) },
      alignment: AlignmentType.JUSTIFIED,
    }),
    style('ground', {
      size: 14,
      italics: true,
      spacing: gap,
      indent: { firstLine: twips(12.7) },
      alignment: AlignmentType.JUSTIFIED,
    }),
    style('formula', { size: 14, spacing: gap, alignment: centred }),
    style('state', { size: 13, bold: true, alignment: centred }),
    style('motto', { size: 14, bold: true, alignment: centred }),
    style('superior', { size: 13, capitals: true, alignment: centred }),
    style('agency', {
      size: 13,
      bold: true,
      capitals: true,
      alignment: centred,
    }),
    style('number', { size: 13, alignment: centred }),
    style('placeAndDay', {
      size: 14,
      italics: true,
      alignment: centred,
    }),
    style('kind', {
      size: 14,
      bold: true,
      alignment: centred,
      spacing: { before: points(18), after: 0, line: 240 },
      keepNext: true,
    }),
    style('about', {
      size: 14,
      bold: true,
      alignment: centred,
      keepNext: true,
    }),
    style('standing', {
      size: 13,
      bold: true,
      alignment: centred,
      spacing: { before: points(6), after: points(6), line: 240 },
    }),
    style('rule', { size: 2, spacing: { before: points(2), after: 0 } }),
    ...cells(12, {
      cell: 'cell',
      number: 'cellNumber',
      mark: 'cellMark',
      head: 'cellHead',
      group: 'cellGroup',
    }),
    ...cells(11, {
      cell: 'denseCell',
      number: 'denseNumber',
      mark: 'denseMark',
      head: 'denseHead',
      group: 'denseGroup',
    }),
    style('caption', {
      size: 13,
      italics: true,
      alignment: centred,
      spacing: { before: points(6), after: points(6), line: 240 },
      keepNext: true,
    }),
    style('figure', { size: 14, alignment: centred, keepNext: true }),
    style('note', {
      size: 12,
      italics: true,
      alignment: AlignmentType.JUSTIFIED,
      spacing: { before: points(3), after: points(6), line: 240 },
    }),
    style('recipientsHead', {
      size: 12,
      bold: true,
      italics: true,
    }),
    style('recipient', { size: 11 }),
    style('position', {
      size: 14,
      bold: true,
      capitals: true,
      alignment: centred,
    }),
    style('signer', { size: 14, bold: true, alignment: centred }),
    style('appendix', {
      size: 14,
      bold: true,
      alignment: centred,
      basedOn: 'Heading1',
      keepNext: true,
    }),
    style('appendixTitle', {
      size: 14,
      bold: true,
      capitals: true,
      alignment: centred,
      keepNext: true,
    }),
    style('appendixOf', {
      size: 14,
      italics: true,
      alignment: centred,
      keepNext: true,
    }),
    style('pageNumber', { size: 13, alignment: centred }),
  ],
};
