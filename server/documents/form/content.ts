/**
 * What an official document says, apart from how it looks: plain data that the sections of a document are written as
 * and wordFile.ts sets in the form of NĐ 30/2020/NĐ-CP. Documents are issued in Vietnamese only, so their sentences
 * stand in the code that knows the case, not among the texts of pages, which are translated.
 */
import type { Day } from '../../../models/day.js';

/** Something the office has to fill in; `gap` says what, or nothing where the place says it. */
interface Gap {
  readonly gap: string;
}

/** Something proposed that nobody has confirmed yet: printed, and marked as a gap is. */
interface Proposed {
  readonly proposed: string;
}

interface Strong {
  readonly strong: string;
}

export type Inline = string | Gap | Proposed | Strong;
export type Text = string | readonly Inline[];

/** A text put together of parts without words of its own, some of them marked: `` text`${place}, ${day}` ``. */
export function text(fixed: TemplateStringsArray, ...places: readonly (Text | Inline | number)[]): Inline[] {
  return fixed.flatMap((words, at) => {
    const place = places[at];
    return [...(words === '' ? [] : [words]), ...(place === undefined ? [] : inlinesOf(place))];
  });
}

/** A place to be filled in. @param what goes there, such as `số tiền` */
export function gap(what = ''): Gap {
  return { gap: what };
}

/** A text as its parts. */
export function inlinesOf(of: Text | Inline | number): readonly Inline[] {
  if (typeof of !== 'object') return [String(of)];
  return isList(of) ? of : [of];
}

function isList(of: Inline | readonly Inline[]): of is readonly Inline[] {
  return Array.isArray(of);
}

/** A text as it is printed. */
export function plainOf(of: Text): string {
  return inlinesOf(of).map(printed).join('');
}

/** One part as it is printed. */
export function printed(part: Inline): string {
  if (typeof part === 'string') return part;
  if ('gap' in part) return part.gap === '' ? '……' : `…… [${part.gap}]`;
  return 'proposed' in part ? part.proposed : part.strong;
}

export interface TableColumn {
  readonly heading: string;
  /** Share of the width; only the relation to the others counts. */
  readonly width: number;
  /** `number` on the right, `mark` in the middle. */
  readonly align?: 'number' | 'mark';
}

/** A row of figures, a line over the whole width above some rows, or a row of sums. */
export type TableRow =
  | { readonly cells: readonly Text[]; readonly total?: boolean }
  | { readonly group: string };

/** Rows with their number before them, in the order given. */
export function numberedRows(rows: readonly (readonly Text[])[]): TableRow[] {
  return rows.map((cells, at) => ({ cells: [String(at + 1), ...cells] }));
}

/** A row and, by a code, the group that it stands in. */
export interface GroupedRow {
  readonly group: string;
  readonly cells: readonly Text[];
}

/** The same, numbered through, with a line above the rows of each group. @param titleOf what stands in that line */
export function groupedRows(rows: readonly GroupedRow[], titleOf: (group: string) => string): TableRow[] {
  return numberedRows(rows.map(({ cells }) => cells)).flatMap((row, at) => {
    const { group = '' } = rows[at] ?? {};
    return group === rows[at - 1]?.group ? [row] : [{ group: titleOf(group) }, row];
  });
}

export interface TableContent {
  readonly kind: 'table';
  readonly caption?: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Under the table, such as why something is hidden. */
  readonly notes?: readonly Text[];
  /** Smaller letters, for the many rows of an appendix. */
  readonly dense?: boolean;
}

export interface FigureContent {
  readonly kind: 'figure';
  readonly png: Uint8Array;
  /** Pixels; only their relation counts: a figure is as wide as the text. */
  readonly width: number;
  readonly height: number;
  readonly caption: string;
  /** What it shows, for who cannot see it. */
  readonly alternative: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: Text; readonly isLast?: boolean }
  | { readonly kind: 'formula'; readonly text: Text }
  | TableContent
  | FigureContent;

export function heading(level: 1 | 2 | 3, words: string): Block {
  return { kind: 'heading', level, text: words };
}

export function paragraph(of: Text): Block {
  return { kind: 'paragraph', text: of };
}

/** The last paragraph, on one page with the signature. */
export function closing(of: Text): Block {
  return { kind: 'paragraph', text: of, isLast: true };
}

/** Paragraphs that begin with a dash. */
export function dashes(...lines: readonly Text[]): Block[] {
  return lines.map((line) => paragraph(['- ', ...inlinesOf(line)]));
}

export interface Appendix {
  /** After “Phụ lục I”, in capitals. */
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Turned, for wide tables. */
  readonly landscape?: boolean;
}

/** A whole document. */
export interface OfficialDocument {
  /** The kind in capitals: KẾ HOẠCH, BÁO CÁO. */
  readonly kind: string;
  /** The same in a sentence: Kế hoạch. */
  readonly kindInText: string;
  /** What it is about, below the kind (trích yếu). */
  readonly about: string;
  readonly superior: Text;
  readonly agency: string;
  readonly number: Text;
  /** KH-SGDĐT */
  readonly symbol: Text;
  readonly place: Text;
  /** Null: left open. */
  readonly day: Day | null;
  /** The year that is printed where the day is open. */
  readonly year: string;
  /** Such as that its figures are provisional: below the subject and at the foot of each page; null for nothing. */
  readonly standing: string | null;
  /** Legal grounds (căn cứ), one a line. */
  readonly grounds: readonly Text[];
  readonly blocks: readonly Block[];
  readonly recipients: readonly Text[];
  /** Authority and position of the signer, a line each: KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC. */
  readonly position: readonly Text[];
  readonly signer: Text;
  readonly appendices: readonly Appendix[];
}
