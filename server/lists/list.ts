/** A list somebody gives us: lines of cells, whatever kind of file it came in, and what is wrong with it. */

/** One line of a list; a cell of a CSV file in quotes may run over several lines of the file. */
export interface ListLine {
  /** Line of the file, or row of the sheet, on which it begins, from 1. */
  readonly line: number;
  /** Without spaces around them. */
  readonly cells: readonly string[];
}

/** Something wrong in a list; `key` names the text that says it. */
export interface ListProblem {
  readonly line: number;
  /** Name of the column, as the file's first line or the sheet has it; null where the whole line is wrong. */
  readonly column: string | null;
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** The lines of a list that hold anything. Where there are problems, nothing of it may be used. */
export interface ReadList {
  readonly lines: readonly ListLine[];
  readonly problems: readonly ListProblem[];
}

/** A problem of the file itself, whatever it lists. */
export function fileProblem(
  name: string,
  at: Partial<Pick<ListProblem, 'line' | 'column' | 'parameters'>> = {},
): ListProblem {
  return { line: 1, column: null, parameters: {}, ...at, key: `lists.problem.${name}` };
}

/** A list of which nothing can be used. */
export function unreadable(...problems: ListProblem[]): ReadList {
  return { lines: [], problems };
}
