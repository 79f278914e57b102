/** Figures as a report prints them: as the pages do, a figure that is hidden never as one that is not there. */
import type { Round } from '../../../models/rounds.js';
import type { Column } from '../../results/counts.js';
import type { Shown, ShownSummary } from '../../results/shown.js';
import type { TableColumn, Text } from '../form/content.js';
import { format, named, words } from '../subject.js';
import { phrase } from '../wording.js';

const NOTHING = '–';

/** Something with a rate that may be hidden. */
type Rated = Pick<Shown, 'rate' | 'low' | 'high'> & Partial<Pick<Shown, 'hidden' | 'answered'>>;

export function rateCell({ rate, hidden = false }: Rated): string {
  if (rate !== null) return format.percentage(rate);
  return hidden ? words('results.suppressed') : NOTHING;
}

export function intervalCell({
  low,
  high,
  hidden = false,
}: Pick<Shown, 'low' | 'high'> & { hidden?: boolean }): string {
  if (hidden) return words('results.suppressed');
  return low === null || high === null ? NOTHING : `${format.percentage(low)} – ${format.percentage(high)}`;
}

export function countCell(count: number | null, hidden = false): string {
  if (count !== null) return format.count(count);
  return hidden ? words('results.suppressed') : NOTHING;
}

function meanCell({ mean, hidden }: Pick<Shown, 'mean' | 'hidden'>): string {
  if (mean !== null) return format.mean(mean);
  return hidden ? words('results.suppressed') : NOTHING;
}

export function expectationCell({ expectation, isExpectationHidden }: ShownSummary): string {
  if (expectation !== null) return format.percentage(expectation);
  return isExpectationHidden ? words('results.suppressed') : NOTHING;
}

/** `87,3 % (khoảng tin cậy 95 %: 86,1 % – 88,4 %; n = 12.345)`; only what is not hidden has one. */
export function rateInWords(of: Rated): string {
  const interval =
    of.low === null
      ? []
      : [phrase('figure.interval', { interval: intervalCell({ low: of.low, high: of.high }) })];
  const answered =
    of.answered == null ? [] : [phrase('figure.answered', { count: format.count(of.answered) })];
  const beside = [...interval, ...answered].join('; ');
  return `${rateCell(of)}${beside === '' ? '' : ` (${beside})`}`;
}

/** The columns of a figure: n, rate, interval, mean. */
export const FIGURE_COLUMNS: readonly TableColumn[] = [
  { heading: phrase('column.answers'), width: 20, align: 'number' },
  { heading: phrase('column.rate'), width: 18, align: 'number' },
  { heading: phrase('column.interval'), width: 33, align: 'number' },
  { heading: phrase('column.mean'), width: 16, align: 'number' },
];

export function figureCells(shown: Shown): Text[] {
  return [countCell(shown.answered, shown.hidden), rateCell(shown), intervalCell(shown), meanCell(shown)];
}

/** A service and who was asked about it, as short as tells them: who is asked about one level alone names it already. */
export function columnName({ service, survey }: Column): string {
  if (survey.services.length === 1) return named(survey.audience);
  return survey.subject === 'procedure'
    ? named(service.name)
    : `${named(service.name)} – ${lowerFirst(named(survey.audience))}`;
}

/** What columnName tells. */
export function groupHeading({ subject }: Pick<Round, 'subject'>): string {
  return subject === 'education' ? phrase('column.respondents') : phrase('column.procedure');
}

/** What stands in a sentence begins small. */
export function lowerFirst(text: string): string {
  const [first = '', second = '', ...rest] = text;
  const isAbbreviation = second !== second.toLocaleLowerCase('vi');
  return (isAbbreviation ? first : first.toLocaleLowerCase('vi')) + second + rest.join('');
}

/** Says why something is hidden, where anything is. @param cells of the table */
export function hiddenNotes(cells: readonly (readonly Text[])[], minimum: number): string[] {
  const isHidden = cells.some((row) => row.includes(words('results.suppressed')));
  return isHidden ? [hiddenNote(minimum)] : [];
}

function hiddenNote(minimum: number): string {
  return phrase('figure.hidden-note', { hidden: words('results.suppressed'), minimum });
}
