/** Figures as a report prints them: as the pages do, a figure that is hidden never as one that is not there. */
import type { Round } from '../../../models/rounds.js';
import type { Column } from '../../results/counts.js';
import type { Shown, ShownSummary } from '../../results/shown.js';
import type { TableColumn, Text } from '../form/content.js';
import { format, named, words } from '../subject.js';

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
    of.low === null ? [] : [`khoảng tin cậy 95 %: ${intervalCell({ low: of.low, high: of.high })}`];
  const answered = of.answered == null ? [] : [`n = ${format.count(of.answered)}`];
  const beside = [...interval, ...answered].join('; ');
  return `${rateCell(of)}${beside === '' ? '' : ` (${beside})`}`;
}

/** The columns of a figure: n, rate, interval, mean. */
export const FIGURE_COLUMNS: readonly TableColumn[] = [
  { heading: 'Số câu trả lời (n)', width: 20, align: 'number' },
  { heading: 'Tỷ lệ hài lòng', width: 18, align: 'number' },
  { heading: 'Khoảng tin cậy 95 %', width: 33, align: 'number' },
  { heading: 'Điểm trung bình', width: 16, align: 'number' },
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
  return subject === 'education' ? 'Người trả lời' : 'Thủ tục';
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
  return `“${words('results.suppressed')}”: số liệu dựa trên ý kiến của dưới ${minimum} người, hoặc nếu nêu ra thì có thể suy ra một số liệu như vậy, nên không hiển thị để không ai biết được ai đã trả lời thế nào.`;
}
