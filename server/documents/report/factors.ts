/** The factors of a round over all its surveys, and what they are called. */
import { type Block, paragraph } from '../form/content.js';
import { capital, named, termsOf } from '../subject.js';
import { phrase } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { columnName, FIGURE_COLUMNS, figureCells, hiddenNotes, rateInWords } from './shownFigures.js';

export function factorBlocks(source: ReportSource): Block[] {
  const { overview, round, context } = source;
  const { factor } = termsOf(round);
  const { parts, leftOut } = overview.factors;
  const titles = factorTitles(source);
  const title = (code: string) => titles.get(code) ?? code;
  const rated = parts.filter(({ rate }) => rate !== null).toSorted((a, b) => (b.rate ?? 0) - (a.rate ?? 0));
  const [best, lowest] = [rated[0], rated.at(-1)];
  const rows = parts.map((part) => [title(part.code), ...figureCells(part)]);
  return [
    ...(best && lowest && best !== lowest
      ? [
          paragraph(
            phrase('report.factors.extremes', {
              count: parts.length,
              factor,
              best: title(best.code),
              highest: rateInWords(best),
              worst: title(lowest.code),
              lowest: rateInWords(lowest),
            }),
          ),
        ]
      : []),
    {
      kind: 'table',
      caption: phrase('report.factors.table', { factor }),
      columns: [{ heading: capital(factor), width: 78 }, ...FIGURE_COLUMNS],
      rows: rows.map((cells) => ({ cells })),
      notes: [
        ...(leftOut.length > 0
          ? [phrase('report.factors.left-out', { groups: leftOut.map(columnName).join('; ') })]
          : []),
        ...hiddenNotes(rows, context.config.minimumRespondents),
      ],
    },
  ];
}

/** Every title a factor has in the surveys of the round, by its code. */
export function factorTitles({ figures }: Pick<ReportSource, 'figures'>): ReadonlyMap<string, string> {
  const titles = new Map<string, Set<string>>();
  for (const { survey } of figures.columns)
    for (const { role, code, title } of survey.sections)
      if (role === 'factor') titles.set(code, (titles.get(code) ?? new Set()).add(named(title)));
  return new Map([...titles].map(([code, all]) => [code, [...all].join(' / ')]));
}
