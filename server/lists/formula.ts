/**
 * Text that a spreadsheet would run as a formula gets an apostrophe before it, and loses it when our own file is
 * read again. Source: OWASP, CSV Injection.
 */

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A cell of a CSV file that no spreadsheet runs. */
export function guarded(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** A cell as it was before `guarded`. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
