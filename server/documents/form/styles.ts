/**
 * The styles of an official document, each under a name that the office finds in Word and can change for the whole
 * document. Headings are Word's own, so that the navigation pane and a table of contents work.
 */
import { AlignmentType, type IParagraphStyleOptions, type IStylesOptions, LineRuleType } from 'docx';
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
  readonly name: string;
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

function style(id: string, look: Look): IParagraphStyleOptions {
  const { name, size, bold = false, italics = false, capitals = false, alignment, spacing = tight } = look;
  return {
    id,
    name,
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

function cells(size: number, ids: Readonly<Record<'cell' | 'number' | 'mark' | 'head' | 'group', string>>) {
  const spacing = { before: points(size > 11 ? 2 : 1), after: points(size > 11 ? 2 : 1), line: 240 };
  const small = size > 11 ? '' : ' (nhỏ)';
  return [
    style(ids.cell, { name: `Ô bảng${small}`, size, spacing, alignment: AlignmentType.LEFT }),
    style(ids.number, { name: `Ô bảng: số${small}`, size, spacing, alignment: AlignmentType.RIGHT }),
    style(ids.mark, { name: `Ô bảng: giữa${small}`, size, spacing, alignment: centred }),
    style(ids.head, { name: `Đầu bảng${small}`, size, bold: true, spacing, alignment: centred }),
    style(ids.group, {
      name: `Nhóm trong bảng${small}`,
      size,
      bold: true,
      spacing,
      alignment: AlignmentType.LEFT,
      keepNext: true,
    }),
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
    { id: TO_FILL_IN, name: 'Cần điền hoặc xác nhận', basedOn: 'DefaultParagraphFont', quickFormat: true },
  ],
  paragraphStyles: [
    style(STYLE.body, {
      name: 'Nội dung',
      size: 14,
      spacing: gap,
      indent: { firstLine: twips(12.7) },
      alignment: AlignmentType.JUSTIFIED,
    }),
    style(STYLE.ground, {
      name: 'Căn cứ',
      size: 14,
      italics: true,
      spacing: gap,
      indent: { firstLine: twips(12.7) },
      alignment: AlignmentType.JUSTIFIED,
    }),
    style(STYLE.formula, { name: 'Công thức', size: 14, spacing: gap, alignment: centred }),
    style(STYLE.state, { name: 'Quốc hiệu', size: 13, bold: true, alignment: centred }),
    style(STYLE.motto, { name: 'Tiêu ngữ', size: 14, bold: true, alignment: centred }),
    style(STYLE.superior, { name: 'Cơ quan chủ quản', size: 13, capitals: true, alignment: centred }),
    style(STYLE.agency, {
      name: 'Cơ quan ban hành',
      size: 13,
      bold: true,
      capitals: true,
      alignment: centred,
    }),
    style(STYLE.number, { name: 'Số, ký hiệu', size: 13, alignment: centred }),
    style(STYLE.placeAndDay, {
      name: 'Địa danh, thời gian',
      size: 14,
      italics: true,
      alignment: centred,
    }),
    style(STYLE.kind, {
      name: 'Tên loại văn bản',
      size: 14,
      bold: true,
      alignment: centred,
      spacing: { before: points(18), after: 0, line: 240 },
      keepNext: true,
    }),
    style(STYLE.about, { name: 'Trích yếu', size: 14, bold: true, alignment: centred, keepNext: true }),
    style(STYLE.standing, {
      name: 'Tình trạng số liệu',
      size: 13,
      bold: true,
      alignment: centred,
      spacing: { before: points(6), after: points(6), line: 240 },
    }),
    style(STYLE.rule, { name: 'Đường kẻ', size: 2, spacing: { before: points(2), after: 0 } }),
    ...cells(12, {
      cell: STYLE.cell,
      number: STYLE.cellNumber,
      mark: STYLE.cellMark,
      head: STYLE.cellHead,
      group: STYLE.cellGroup,
    }),
    ...cells(11, {
      cell: STYLE.denseCell,
      number: STYLE.denseNumber,
      mark: STYLE.denseMark,
      head: STYLE.denseHead,
      group: STYLE.denseGroup,
    }),
    style(STYLE.caption, {
      name: 'caption',
      size: 13,
      italics: true,
      alignment: centred,
      spacing: { before: points(6), after: points(6), line: 240 },
      keepNext: true,
    }),
    style(STYLE.figure, { name: 'Hình', size: 14, alignment: centred, keepNext: true }),
    style(STYLE.note, {
      name: 'Ghi chú',
      size: 12,
      italics: true,
      alignment: AlignmentType.JUSTIFIED,
      spacing: { before: points(3), after: points(6), line: 240 },
    }),
    style(STYLE.recipientsHead, { name: 'Nơi nhận', size: 12, bold: true, italics: true }),
    style(STYLE.recipient, { name: 'Nơi nhận: dòng', size: 11 }),
    style(STYLE.position, {
      name: 'Chức vụ người ký',
      size: 14,
      bold: true,
      capitals: true,
      alignment: centred,
    }),
    style(STYLE.signer, { name: 'Họ tên người ký', size: 14, bold: true, alignment: centred }),
    style(STYLE.appendix, {
      name: 'Phụ lục',
      size: 14,
      bold: true,
      alignment: centred,
      basedOn: 'Heading1',
      keepNext: true,
    }),
    style(STYLE.appendixTitle, {
      name: 'Tên phụ lục',
      size: 14,
      bold: true,
      capitals: true,
      alignment: centred,
      keepNext: true,
    }),
    style(STYLE.appendixOf, {
      name: 'Phụ lục kèm theo',
      size: 14,
      italics: true,
      alignment: centred,
      keepNext: true,
    }),
    style(STYLE.pageNumber, { name: 'Số trang', size: 13, alignment: centred }),
  ],
};
