/** Phụ lục: what is wanted of each unit. */
import { DEFAULT_LANGUAGE } from '../../http/language.js';
import type { QuotaRow } from '../../sampling/planPage.js';
import { stratumName } from '../../sampling/stratumName.js';
import type { Appendix, TableRow } from '../form/content.js';
import { format, words } from '../subject.js';
import type { PlanSource } from './planSource.js';

/** What is told of each unit where it is known of any. */
const COUNTS: readonly { heading: string; of: (row: QuotaRow) => number | null }[] = [
  { heading: 'Số học sinh', of: ({ enrolment }) => enrolment },
  { heading: 'Chỉ tiêu phiếu', of: ({ quota }) => quota },
  { heading: 'Số phiếu phát', of: ({ forms }) => forms },
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
  const rows: TableRow[] = [];
  let group: string | null | undefined;
  asked.forEach((row, at) => {
    if (strata.size > 1 && row.stratum !== group) {
      group = row.stratum;
      rows.push({ group: strata.get(row.stratum ?? '') ?? words('sampling.no-stratum') });
    }
    const values = counts
      .map(({ of }) => of(row))
      .map((value) => (value === null ? '–' : format.count(value)));
    rows.push({ cells: [String(at + 1), row.unit, row.name, ...values] });
  });
  const sums = counts.map(({ of }) => format.count(asked.reduce((sum, row) => sum + (of(row) ?? 0), 0)));
  rows.push({ cells: ['', '', 'Cộng', ...sums], total: true });
  return {
    title: 'Chỉ tiêu phiếu của từng đơn vị',
    blocks: [
      {
        kind: 'table',
        dense: true,
        columns: [
          { heading: 'TT', width: 12, align: 'mark' },
          { heading: 'Mã đơn vị', width: 28 },
          { heading: 'Tên đơn vị', width: 70 },
          ...counts.map(({ heading }) => ({ heading, width: 19, align: 'number' as const })),
        ],
        rows,
        notes: asked.some(({ quota }) => quota === null)
          ? ['“–”: chưa có số liệu hoặc chưa giao chỉ tiêu.']
          : [],
      },
    ],
  };
}
