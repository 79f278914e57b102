/** III. So với chỉ tiêu và đợt trước. */

import { SATISFACTION_RATE } from '../../../models/rounds.js';
import type { ShownDifference } from '../../results/comparison.js';
import { type Block, gap, heading, paragraph, type Text } from '../form/content.js';
import { boundInWords, capital, format, targetInWords, words } from '../subject.js';
import { phrase, wording } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { columnName, intervalCell, rateCell, rateInWords } from './shownFigures.js';

export function comparedBlocks(source: ReportSource): Block[] {
  return [
    heading(1, phrase('report.compared.title')),
    heading(2, phrase('report.compared.targets-title')),
    ...targetBlocks(source),
    heading(2, phrase('report.compared.earlier-title')),
    ...earlierBlocks(source),
  ];
}

const VERDICTS = {
  met: phrase('report.compared.verdict.met'),
  missed: phrase('report.compared.verdict.missed'),
  uncertain: phrase('report.compared.verdict.uncertain'),
  unmeasured: phrase('report.compared.verdict.unmeasured'),
} as const;

function targetBlocks({ overview }: ReportSource): Block[] {
  const { targets, total } = overview;
  if (targets.length === 0) return [paragraph(phrase('report.compared.no-target'))];
  return [
    ...targets
      .filter(({ target }) => target.indicator === SATISFACTION_RATE)
      .map(({ target, verdict }) =>
        paragraph(
          phrase('report.compared.target', {
            target: targetInWords(target),
            result:
              verdict === 'unmeasured' ? phrase('report.compared.no-result-yet') : rateInWords(total.total),
            verdict: VERDICTS[verdict],
          }),
        ),
      ),
    {
      kind: 'table',
      caption: phrase('report.compared.targets'),
      columns: [
        { heading: phrase('report.compared.column.target'), width: 50 },
        { heading: phrase('report.compared.column.demand'), width: 30 },
        { heading: phrase('report.compared.column.result'), width: 20, align: 'number' },
        { heading: phrase('column.interval'), width: 32, align: 'number' },
        { heading: phrase('column.judgement'), width: 33 },
      ],
      rows: targets.map(({ target, verdict }) => {
        const isRate = target.indicator === SATISFACTION_RATE;
        const name = isRate ? phrase('row.rate-pooled') : capital(target.indicator);
        const result: Text[] = isRate
          ? [rateCell(total.total), intervalCell(total.total), words(`results.verdict.${verdict}`)]
          : [[gap()], '–', phrase('report.compared.not-measured')];
        return { cells: [name, capital(boundInWords(target)), ...result] };
      }),
    },
  ];
}

function earlierBlocks({ earlier, overview }: ReportSource): Block[] {
  if (!earlier) return [paragraph(phrase('report.compared.no-earlier'))];
  if (overview.total.responses === 0) return [paragraph(phrase('report.compared.no-answers'))];
  const { round, comparison } = earlier;
  const { total, onlyNow, onlyBefore } = comparison;
  const rows = [
    [phrase('report.compared.row.pooled'), ...differenceCells(total)],
    ...comparison.columns.map(({ column, total: of }) => [columnName(column), ...differenceCells(of)]),
  ];
  const moved = (change: ShownDifference['change']) =>
    comparison.units.filter(({ difference }) => difference.change === change).length;
  return [
    paragraph(changeInWords(total, round.label)),
    ...(onlyNow.length + onlyBefore.length > 0 ? [paragraph(phrase('report.compared.not-the-same'))] : []),
    {
      kind: 'table',
      caption: phrase('report.compared.earlier', { round: round.label }),
      columns: [
        { heading: phrase('column.content'), width: 52 },
        { heading: phrase('report.compared.column.before'), width: 19, align: 'number' },
        { heading: phrase('report.compared.column.now'), width: 19, align: 'number' },
        { heading: phrase('report.compared.column.difference'), width: 20, align: 'number' },
        { heading: phrase('column.interval'), width: 32, align: 'number' },
        { heading: phrase('column.judgement'), width: 24 },
      ],
      rows: rows.map((cells) => ({ cells })),
      notes: [phrase('report.compared.note')],
      dense: true,
    },
    paragraph(
      phrase('report.compared.units', {
        units: format.count(comparison.units.length),
        up: format.count(moved('up')),
        down: format.count(moved('down')),
        uncertain: format.count(moved('uncertain')),
      }),
    ),
    paragraph(wording('report.compared.reasons', { reasons: gap(phrase('gap.reasons')) })),
  ];
}

const signed = (points: number) => `${points > 0 ? '+' : ''}${format.points(points)}`;

/** Before, now, and the difference in percentage points with its interval. */
function differenceCells({ now, before, points, low, high, change }: ShownDifference): string[] {
  return [
    before === null ? '–' : format.percentage(before),
    now === null ? '–' : format.percentage(now),
    points === null ? '–' : signed(points),
    low === null || high === null
      ? '–'
      : phrase('report.compared.from-to', { low: signed(low), high: signed(high) }),
    change === null ? '–' : words(`results.change.${change}`),
  ];
}

function changeInWords({ now, before, points, low, high, change }: ShownDifference, label: string): string {
  if (now === null || before === null || points === null || low === null || high === null || change === null)
    return phrase('report.compared.change.none', { round: label });
  const by = change === 'uncertain' ? signed(points) : format.points(Math.abs(points));
  return phrase(`report.compared.change.${change}`, {
    round: label,
    before: format.percentage(before),
    now: format.percentage(now),
    by,
    low: signed(low),
    high: signed(high),
  });
}
