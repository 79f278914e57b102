/**
 * Text that a spreadsheet would run as a formula, or would take for a number or a date, gets an apostrophe before it,
 * and loses it when our own file is read again. Source: OWASP, CSV Injection.
 */

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg|tháng)[a-z]*';

/**
 * What Excel, in Vietnamese or English, turns into something else on opening a file: 2.002854 loses its point, 0012 its
 * noughts, 1-2 and MAR1 become days, 1E5 a number, TRUE a truth value. Rather too much than too little is taken for one.
 */
const READ_AS_VALUE = [
  // Digits with what may stand between, before and after them: numbers, money, per cent, fractions, days, times.
  /^[\s(.,:/\-–$€£¥₫%]*\p{Nd}[\p{Nd}\s.,:/\-–()%$€£¥₫đ']*$/iu,
  /^\s*\p{Nd}[\p{Nd}.,]*e[+-]?\p{Nd}+\s*$/iu,
  /^\s*\p{Nd}{1,2}(?::\p{Nd}{1,2}){0,2}\s*(?:a|p|am|pm|sa|ch)\s*$/iu,
  new RegExp(`^\\s*\\p{Nd}{1,4}[\\s./,-]*${MONTH}[\\s./,-]*(?:\\p{Nd}{1,4})?\\s*$`, 'iu'),
  new RegExp(`^\\s*${MONTH}[\\s./,-]*\\p{Nd}{1,4}(?:[\\s./,-]+\\p{Nd}{1,4})?\\s*$`, 'iu'),
  /^\s*(?:true|false|#n\/a|#ref!|#name\?|#value!|#null!|#num!|#div\/0!)\s*$/i,
];

/** A cell of a CSV file that no spreadsheet runs. What only looks guarded is guarded as well, so that it stays. */
export function guarded(cell: string): string {
  return FORMULA.test(cell) || unguarded(cell) !== cell ? `'${cell}` : cell;
}

/** A cell as it was before `guarded`, or before `keptAsText` where a spreadsheet would have read it as a value. */
export function unguarded(cell: string): string {
  if (!cell.startsWith("'")) return cell;
  const rest = cell.slice(1);
  return FORMULA.test(rest) || isReadAsValue(rest) || unguarded(rest) !== rest ? rest : cell;
}

/**
 * A cell of a CSV file that every spreadsheet shows letter by letter. Whoever takes one apostrophe from the beginning
 * of a text that has one has the text as it was, so text that begins with one of its own gets a second.
 *
 * Why an apostrophe: it is how text is typed into a spreadsheet, so the office knows it; a formula such as ="0012" is
 * run; characters without width stay in a code unseen and make it another one; and TTHC codes are known here without
 * the suffix of the agency that would make them text.
 */
export function keptAsText(cell: string): string {
  return cell.startsWith("'") || FORMULA.test(cell) || isReadAsValue(cell) ? `'${cell}` : cell;
}

function isReadAsValue(cell: string): boolean {
  return READ_AS_VALUE.some((form) => form.test(cell));
}
