/** A list whose first line names its columns. */
import { visible } from '../http/body.js';
import { DEFAULT_LANGUAGE, readLanguageList, translator } from '../http/language.js';
import { searchable } from '../http/searchable.js';
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
  /** Columns that the file calls by another name: what it calls them. */
  readonly headings: ReadonlyMap<string, string>;
  /** What is wrong with the file, its columns or the number of cells in a line; cells are the reader's business. */
  readonly problems: readonly ListProblem[];
}

/** The columns a list may have, by their names in lower case. */
export interface TableColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Beginning of the keys of the texts that name the columns, where a list may call them so too, in any language. */
  readonly named?: string;
}

/** A first line with more is another file, or none at all. */
const MOST_COLUMNS = 200;
const MOST_LINES = 150_000;

/** The lines of a list by the names of its columns; none where the list or its first line is wrong. */
export function tableOf(list: ReadList, wanted: TableColumns): ListTable {
  const refused = (...problems: ListProblem[]): ListTable => ({
    columns: [],
    lines: [],
    headings: new Map(),
    problems,
  });
  if (list.problems.length > 0) return refused(...list.problems);
  const [header, ...lines] = list.lines;
  if (!header) return refused(fileProblem('empty'));
  const known = [...wanted.required, ...wanted.optional];
  const { columns, headings, called } = columnsOf(header.cells, known, wanted.named);
  if (columns.length > MOST_COLUMNS)
    return refused(fileProblem('too-many-cells', { line: header.line, parameters: { most: known.length } }));
  const misnamed = headerProblems(header.line, columns, wanted.required, known, called);
  if (misnamed.length > 0) return refused(...misnamed);
  if (lines.length === 0) return refused(fileProblem('empty', { line: header.line }));
  if (lines.length > MOST_LINES)
    return refused(fileProblem('too-many-lines', { parameters: { most: MOST_LINES } }));
  const place = new Map(columns.map((column, index) => [column, index]));
  return {
    columns,
    headings,
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

/** Problems with the columns called as the file calls them. */
export function asInFile(
  problems: readonly ListProblem[],
  { headings }: Pick<ListTable, 'headings'>,
): ListProblem[] {
  return problems.map((problem) => ({
    ...problem,
    column: headings.get(problem.column ?? '') ?? problem.column,
  }));
}

/** The columns of a first line. `called` says how a column is called in a file that calls any by a text of ours. */
function columnsOf(cells: readonly string[], known: readonly string[], named: string | undefined) {
  const languages = named === undefined ? [] : readLanguageList().map(({ code }) => translator(code));
  const byName = new Map(
    languages.flatMap((t) => known.map((column) => [searchable(t(`${named}${column}`)), column] as const)),
  );
  const headings = new Map<string, string>();
  const columns = cells.map((cell) => {
    const plain = cell.toLowerCase();
    const column = known.includes(plain) ? undefined : byName.get(searchable(visible(cell)));
    if (column !== undefined) headings.set(column, cell);
    return column ?? plain;
  });
  const t = translator(DEFAULT_LANGUAGE);
  const called = (column: string) =>
    headings.get(column) ?? (headings.size > 0 && known.includes(column) ? t(`${named}${column}`) : column);
  return { columns, headings, called };
}

function headerProblems(
  line: number,
  columns: readonly string[],
  required: readonly string[],
  known: readonly string[],
  called: (column: string) => string,
): ListProblem[] {
  const at = (of: string, name: string) => {
    const column = called(of);
    return fileProblem(name, { line, column, parameters: { column } });
  };
  return [
    ...required.filter((column) => !columns.includes(column)).map((column) => at(column, 'column-missing')),
    ...columns.filter((column) => !known.includes(column)).map((column) => at(column, 'column-unknown')),
    ...columns
      .filter((column, index) => known.includes(column) && columns.indexOf(column) < index)
      .map((column) => at(column, 'column-twice')),
  ];
}
