/** Phụ lục: what is wanted of each unit. */
import { DEFAULT_LANGUAGE } from '../../http/language.js';
import type { QuotaRow } from '../../sampling/planPage.js';
import { stratumName } from '../../sampling/stratumName.js';
import { type Appendix, groupedRows, numberedRows } from '../form/content.js';
import { format, words } from '../subject.js';
import { phrase } from '../wording.js';
import type { PlanSource } from './planSource.js';

/** What is told of each unit where it is known of any. */
const COUNTS: readonly { heading: string; of: (row: QuotaRow) => number | null }[] = [
  { heading: phrase('column.learners'), of: ({ enrolment }) => enrolment },
  { heading: phrase('column.quota'), of: ({ quota }) => quota },
  { heading: phrase('column.handed-out'), of: ({ forms }) => forms },
];

/** The quotas of the units; null where no unit has one. */
export function quotaAppendix({ round, sample, asked }: PlanSource): Appendix | null {
  if (round.continuous || !asked.some(({ quota }) => quota !== null)) return null;
  const strata = new Map(
    sample.strata.map((stratum) => [
      stratum.code,
      stratumName(stratum, round, { t: words, lang: DEFAULT_LANGUAGE }),
    ]),
  );
  const counts = COUNTS.filter(({ of }) => asked.some((row) => of(row) !== null));
  const rows = asked.map((row) => {
    const values = counts
      .map(({ of }) => of(row))
      .map((value) => (value === null ? '–' : format.count(value)));
    return { group: row.stratum ?? '', cells: [row.unit, row.name, ...values] };
  });
  const stratumTitle = (code: string) => strata.get(code) ?? words('sampling.no-stratum');
  const sums = counts.map(({ of }) => format.count(asked.reduce((sum, row) => sum + (of(row) ?? 0), 0)));
  return {
    title: phrase('plan.quotas.title'),
    blocks: [
      {
        kind: 'table',
        dense: true,
        columns: [
          { heading: phrase('column.order'), width: 12, align: 'mark' },
          { heading: phrase('column.unit-code'), width: 28 },
          { heading: phrase('column.unit-name'), width: 70 },
          ...counts.map(({ heading }) => ({ heading, width: 19, align: 'number' as const })),
        ],
        rows: [
          ...(strata.size > 1
            ? groupedRows(rows, stratumTitle)
            : numberedRows(rows.map(({ cells }) => cells))),
          { cells: ['', '', phrase('row.sum'), ...sums], total: true },
        ],
        notes: asked.some(({ quota }) => quota === null) ? [phrase('plan.quotas.unknown')] : [],
      },
    ],
  };
}
