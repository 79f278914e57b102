/**
 * Tables as WordprocessingML. They are written as text and put into the document in the place of a mark: as docx
 * objects, the 40 000 cells of a province's appendix took 3.5 s and 300 MB, during which no answer could be taken.
 */
import { Paragraph } from 'docx';
import type { TableColumn, TableContent, TableRow, Text } from './content.js';
import { twips } from './layout.js';
import { runsXml } from './runs.js';
import { STYLE } from './styles.js';

/** Tables that are to be put into a document, by their marks. */
export class Tables {
  readonly #xml = new Map<string, string>();

  /** The mark of a table. @param width of the text, millimetres */
  marked(table: TableContent, width: number): Paragraph {
    const mark = `[[table ${this.#xml.size + 1}]]`;
    this.#xml.set(mark, tableXml(table, width));
    return new Paragraph(mark);
  }

  /** A document with its tables in the place of their marks. */
  putInto(document: string): string {
    return document.replace(
      /<w:p>(?:(?!<w:p>|<\/w:p>).)*?(\[\[table \d+\]\])(?:(?!<\/w:p>).)*?<\/w:p>/g,
      (found, mark) => this.#xml.get(mark) ?? found,
    );
  }
}

function tableXml({ columns, rows, dense = false }: TableContent, width: number): string {
  const sum = columns.reduce((all, column) => all + column.width, 0);
  const widths = columns.map((column) => Math.round((twips(width) * column.width) / sum));
  const look = stylesOf(dense);
  const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
    .join('');
  const margin = twips(dense ? 1 : 1.5);
  return [
    `<w:tbl><w:tblPr><w:tblW w:w="${twips(width)}" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders>`,
    `<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="${margin}" w:type="dxa"/><w:right w:w="${margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>`,
    `<w:tblGrid>${widths.map((each) => `<w:gridCol w:w="${each}"/>`).join('')}</w:tblGrid>`,
    headXml(columns, widths, look.head),
    ...rows.map((row) => rowXml(row, columns, widths, look)),
    '</w:tbl>',
  ].join('');
}

interface CellStyles {
  readonly cell: string;
  readonly number: string;
  readonly mark: string;
  readonly head: string;
  readonly group: string;
}

function stylesOf(dense: boolean): CellStyles {
  return dense
    ? {
        cell: STYLE.denseCell,
        number: STYLE.denseNumber,
        mark: STYLE.denseMark,
        head: STYLE.denseHead,
        group: STYLE.denseGroup,
      }
    : {
        cell: STYLE.cell,
        number: STYLE.cellNumber,
        mark: STYLE.cellMark,
        head: STYLE.cellHead,
        group: STYLE.cellGroup,
      };
}

/** No row is cut over two pages. */
const WHOLE_ROW = '<w:cantSplit/>';

function headXml(columns: readonly TableColumn[], widths: readonly number[], style: string): string {
  const cells = columns.map(({ heading }, at) => cellXml(heading, style, widths[at] ?? 0));
  return `<w:tr><w:trPr>${WHOLE_ROW}<w:tblHeader/></w:trPr>${cells.join('')}</w:tr>`;
}

function rowXml(
  row: TableRow,
  columns: readonly TableColumn[],
  widths: readonly number[],
  styles: CellStyles,
): string {
  if ('group' in row) {
    const whole = widths.reduce((sum, width) => sum + width, 0);
    return `<w:tr><w:trPr>${WHOLE_ROW}</w:trPr>${cellXml(row.group, styles.group, whole, columns.length)}</w:tr>`;
  }
  const cells = columns.map(({ align }, at) => {
    const text = row.cells[at] ?? '';
    const words = row.total && typeof text === 'string' ? [{ strong: text }] : text;
    return cellXml(words, styles[align ?? 'cell'], widths[at] ?? 0);
  });
  return `<w:tr><w:trPr>${WHOLE_ROW}</w:trPr>${cells.join('')}</w:tr>`;
}

function cellXml(text: Text, style: string, width: number, span = 1): string {
  const spanned = span > 1 ? `<w:gridSpan w:val="${span}"/>` : '';
  return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${spanned}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${runsXml(text)}</w:p></w:tc>`;
}
