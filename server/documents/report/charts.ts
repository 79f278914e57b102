/** The pictures of a report: how answers spread by factor, and how services differ. Their figures stand in its tables. */
import { SATISFACTION_RATE } from '../../../models/rounds.js';
import { intervalChart } from '../../charts/intervalChart.js';
import { levelsChart } from '../../charts/levelsChart.js';
import { pngOf } from '../../charts/png.js';
import type { FigureContent } from '../form/content.js';
import { format, targetInSigns, termsOf, words } from '../subject.js';
import { phrase } from '../wording.js';
import { factorTitles } from './factors.js';
import type { ReportSource } from './reportSource.js';
import { columnName, intervalCell, rateCell } from './shownFigures.js';

/** Null where there is nothing to draw, or too much for a page. */
export interface ReportCharts {
  readonly factors: FigureContent | null;
  readonly services: FigureContent | null;
}

export const NO_CHARTS: ReportCharts = { factors: null, services: null };

/** Pixels; twice as many in the file, for print. */
const WIDTH = 640;

/** More rows do not fit a page. */
const MOST_ROWS = 22;

/** Draws the pictures of a report. */
export async function chartsOf(source: ReportSource): Promise<ReportCharts> {
  const [factors, services] = await Promise.all([factorsChart(source), servicesChart(source)]);
  return { factors, services };
}

async function factorsChart(source: ReportSource): Promise<FigureContent | null> {
  const { parts } = source.overview.factors;
  if (!parts.some(({ levels }) => levels !== null)) return null;
  const titles = factorTitles(source);
  const title = phrase('report.charts.factors', { factor: termsOf(source.round).factor });
  const svg = await levelsChart(
    {
      title,
      levelNames: [1, 2, 3, 4, 5].map((level) => words(`likert.${level}`)),
      rows: parts.map((part) => ({
        label: titles.get(part.code) ?? part.code,
        n: countOf(part.answered),
        absent: absent(part.hidden),
        levels: part.levels,
        texts: (part.levels ?? []).map((share) => format.percentage(share)),
        end: part.rate === null ? '' : rateCell(part),
      })),
    },
    { width: WIDTH },
  );
  const spoken = parts.map(
    (part) =>
      `${titles.get(part.code) ?? part.code}: ${part.rate === null ? absent(part.hidden) : rateCell(part)}`,
  );
  return figureOf(
    svg,
    phrase('report.charts.factors-caption', { title }),
    phrase('report.charts.factors-alternative', { title, rates: spoken.join('; ') }),
  );
}

async function servicesChart(source: ReportSource): Promise<FigureContent | null> {
  const { overview, round, earlier } = source;
  const shown = overview.columns.filter(({ summary }) => summary.responses > 0);
  if (shown.length < 2 || shown.length > MOST_ROWS) return null;
  const before = new Map(
    (earlier?.comparison.columns ?? []).map(({ column, total }) => [column.key, total.before]),
  );
  const target = round.targets.find(({ indicator, unit }) => indicator === SATISFACTION_RATE && unit === '%');
  const title = phrase('report.charts.services', { services: termsOf(round).services });
  const svg = await intervalChart(
    {
      title,
      rows: shown.map(({ column, summary: { total } }) => ({
        label: columnName(column),
        n: countOf(total.answered),
        absent: absent(total.hidden),
        rate: total.rate,
        low: total.low,
        high: total.high,
        text: rateCell(total),
        interval: total.low === null ? '' : intervalCell(total),
        before: before.get(column.key) ?? null,
      })),
      target: target
        ? { value: target.atLeast ?? target.moreThan ?? target.atMost ?? 0, text: targetInSigns(target) }
        : null,
      rateName: phrase('report.charts.rate-name'),
      beforeName: earlier?.round.label ?? '',
      tick: (percent) => `${format.number(percent)}\u00a0%`,
    },
    { width: WIDTH },
  );
  const spoken = shown.map(({ column, summary: { total } }) => `${columnName(column)}: ${rateCell(total)}`);
  return figureOf(
    svg,
    phrase('report.charts.services-caption', { title }),
    `${title}. ${spoken.join('; ')}.`,
  );
}

async function figureOf(svg: string, caption: string, alternative: string): Promise<FigureContent> {
  const [, width = String(WIDTH), height = String(WIDTH)] =
    /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const png = await pngOf(svg, { width: 2 * WIDTH });
  return { kind: 'figure', png, width: Number(width), height: Number(height), caption, alternative };
}

function countOf(answered: number | null): string {
  return answered === null ? '' : phrase('report.charts.answered', { count: format.count(answered) });
}

function absent(hidden: boolean): string {
  return hidden ? words('results.suppressed') : words('results.none');
}
