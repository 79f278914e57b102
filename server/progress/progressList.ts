/** The board as a list for a spreadsheet: one line for each unit. */
import type { Translate } from '../http/language.js';
import type { WrittenList } from '../lists/writeList.js';
import type { BoardRow } from './board.js';

/** Every figure of the board; counts are numbers, shares are in percent with one decimal. */
export function progressList(rows: readonly BoardRow[], t: Translate): WrittenList<string | number> {
  const number = (value: number | null | undefined) => value ?? '';
  const percent = (share: number | null) => (share === null ? '' : Math.round(share * 1000) / 10);
  const columns: [key: string, cell: (row: BoardRow) => string | number][] = [
    ['code', ({ code }) => code],
    ['name', ({ name }) => name],
    ['above', ({ above }) => above.join(' › ')],
    ['quota', ({ progress }) => number(progress.quota)],
    ['received', ({ progress }) => progress.received],
    ['of-quota', ({ progress }) => percent(progress.ofQuota)],
    ['missing', ({ progress }) => number(progress.missing)],
    ['enrolment', ({ progress }) => number(progress.enrolment)],
    ['of-enrolment', ({ progress }) => percent(progress.ofEnrolment)],
    ['forms', ({ progress }) => number(progress.forms)],
    ['of-forms', ({ progress }) => percent(progress.ofForms)],
    ['pace', ({ progress }) => (progress.pace === null ? '' : Math.round(progress.pace * 10) / 10)],
    ['expected', ({ progress }) => number(progress.forecast?.expected)],
    ['low', ({ progress }) => number(progress.forecast?.low)],
    ['high', ({ progress }) => number(progress.forecast?.high)],
    ['latest', ({ progress }) => progress.latest ?? ''],
    ['standing', ({ progress }) => t(`progress.standing.${progress.standing}`)],
  ];
  return {
    columns: columns.map(([key]) => t(`progress.list.${key}`)),
    rows: rows.map((row) => columns.map(([, cell]) => cell(row))),
  };
}
