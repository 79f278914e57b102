/** A list whose first line names its columns. */
import { visible } from '../http/body.js';
import { fileProblem, type ListProblem, type ReadList } from './list.js';

/** One line below the names of the columns. */
export interface TableLine {
  readonly line: number;
  /** The cell of a column, in composed letters (NFC), without what nobody sees; empty where the list has no such. */
  cell(column: string): string;
}

export interface ListTable {
  /** The columns that the list has, in its order. */
  readonly columns: readonly string[];
  readonly lines: readonly TableLine[];
  /** What is wrong with the file, its columns or the number of cells in a line; cells are the reader's business. */
  readonly problems: readonly ListProblem[];
}

/** The columns a list may have, by their names in lower case. */
export interface TableColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** A first line with more is another file, or none at all. */
const MOST_COLUMNS = 200;
const MOST_LINES = 150_000;

/** The lines of a list by the names of its columns; none where the list or its first line is wrong. */
export function tableOf(list: ReadList, wanted: TableColumns): ListTable {
  const refused = (...problems: ListProblem[]): ListTable => ({ columns: [], lines: [], problems });
  if (list.problems.length > 0) return refused(...list.problems);
  const [header, ...lines] = list.lines;
  if (!header) return refused(fileProblem('empty'));
  const known = [...wanted.required, ...wanted.optional];
  const columns = header.cells.map((cell) => cell.toLowerCase());
  if (columns.length > MOST_COLUMNS)
    return refused(fileProblem('too-many-cells', { line: header.line, parameters: { most: known.length } }));
  const misnamed = headerProblems(header.line, columns, wanted.required, known);
  if (misnamed.length > 0) return refused(...misnamed);
  if (lines.length === 0) return refused(fileProblem('empty', { line: header.line }));
  if (lines.length > MOST_LINES)
    return refused(fileProblem('too-many-lines', { parameters: { most: MOST_LINES } }));
  const place = new Map(columns.map((column, index) => [column, index]));
  return {
    columns,
    lines: lines.map(({ line, cells }) => ({
      line,
      cell: (column) =>
        visible(cells[place.get(column) ?? -1] ?? '')
          .normalize('NFC')
          .trim(),
    })),
    problems: lines
      .filter(({ cells }) => cells.length > columns.length)
      .map(({ line }) => fileProblem('too-many-cells', { line, parameters: { most: columns.length } })),
  };
}

function headerProblems(
  line: number,
  columns: readonly string[],
  required: readonly string[],
  known: readonly string[],
): ListProblem[] {
  const at = (column: string, name: string) => fileProblem(name, { line, column, parameters: { column } });
  return [
    ...required.filter((column) => !columns.includes(column)).map((column) => at(column, 'column-missing')),
    ...columns.filter((column) => !known.includes(column)).map((column) => at(column, 'column-unknown')),
    ...columns
      .filter((column, index) => known.includes(column) && columns.indexOf(column) < index)
      .map((column) => at(column, 'column-twice')),
  ];
}
