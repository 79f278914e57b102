/** Cells of a workbook: how headings, texts, figures and what is hidden look, and how wide and tall they must be. */
import type { Cell, SheetData } from 'write-excel-file/node';

/** By the number of decimals. Excel writes the decimal sign of whoever opens it. */
const FORMATS = { 0: '#,##0', 1: '0.0', 2: '0.00' } as const;

/** A number with so many decimals; empty where there is none. */
export function figureCell(value: number | null, decimals: keyof typeof FORMATS): Cell {
  return value === null ? null : { value, type: Number, format: FORMATS[decimals] };
}

/** In the place of a figure that is hidden. */
export function hiddenCell(value: string): Cell {
  return { value, type: String, align: 'right', textColor: '#666666' };
}

export function headingCell(value: string): Cell {
  return {
    value,
    type: String,
    fontWeight: 'bold',
    wrap: true,
    alignVertical: 'top',
    backgroundColor: '#E6EEF5',
    bottomBorderStyle: 'thin',
  };
}

/** Text that Excel leaves alone, so that codes keep their noughts. */
export function textCell(value: string): Cell {
  return value === '' ? null : { value, type: String, format: '@' };
}

export function boldCell(value: string): Cell {
  return { value, type: String, fontWeight: 'bold' };
}

/** Text that goes over several lines. */
export function wrappedCell(value: string): Cell {
  return { value, type: String, wrap: true, alignVertical: 'top' };
}

const NARROWEST = 10;
const WIDEST = 60;

/** Widths of the columns, in characters: as wide as the cells below the heading, whose words go over several lines. */
export function widthsOf(data: SheetData): { width: number }[] {
  const [head = []] = data;
  const longest = (parts: readonly string[]) => Math.max(0, ...parts.map((part) => part.length));
  return head.map((_, column) => {
    const cells = data.map((row) => contentOf(row[column]));
    const width = Math.max(longest((cells[0] ?? '').split(' ')), longest(cells.slice(1)));
    return { width: Math.min(WIDEST, Math.max(NARROWEST, width + 2)) };
  });
}

/** Points of a line of text. */
const LINE = 15;

/** The first row as tall as its longest heading, whose words go over several lines: not every program finds out itself. */
export function withTallHeadings(data: SheetData, columns: readonly { width: number }[]): SheetData {
  const [head = [], ...rows] = data;
  const lines = head.map((cell, column) =>
    linesOf(contentOf(cell), (columns[column]?.width ?? NARROWEST) - 1),
  );
  const height = LINE * Math.max(1, ...lines) + 3;
  return [
    head.map((cell) => (cell && typeof cell === 'object' && 'value' in cell ? { ...cell, height } : cell)),
    ...rows,
  ];
}

/** How many lines a text takes in a column so many characters wide. */
function linesOf(content: string, width: number): number {
  let [lines, at] = [1, 0];
  for (const word of content.split(' ')) {
    if (at > 0 && at + 1 + word.length > width) {
      lines += 1;
      at = word.length;
    } else at += (at > 0 ? 1 : 0) + word.length;
  }
  return lines;
}

function contentOf(cell: Cell): string {
  return cell !== null && typeof cell === 'object' && 'value' in cell ? String(cell.value ?? '') : '';
}
