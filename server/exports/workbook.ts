/**
 * Rates as a workbook for reading, sorting and printing: a summary, a sheet for each service with its units as rows, and
 * what the columns mean. Per cents are the same numbers as in the CSV files and on the pages, 96.2 for 96,2 %, under
 * headings that say so: what is copied from one to the other stays right. What is hidden says so, and is never a nought.
 */
import { setImmediate } from 'node:timers/promises';
import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import type { Round, RoundService } from '../../models/rounds.js';
import { plainInLanguage, type Translate, translator } from '../http/language.js';
import { type Column, ownRow, WHOLE } from '../results/counts.js';
import { overallRates } from '../results/overallRates.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { Shown, ShownSummary } from '../results/shown.js';
import { textsOf } from '../results/titles.js';
import { printSetup } from './printSetup.js';
import { sheetNames } from './sheetNames.js';

/** A figure, and whether it is hidden. */
interface Figure {
  readonly value: number | null;
  readonly hidden: boolean;
  readonly format: string;
}

interface Sheet {
  readonly title: string;
  readonly data: SheetData;
}

/** Excel writes the decimal sign of whoever opens it. */
const WHOLE_NUMBER = '#,##0';
const ONE_DECIMAL = '0.0';
const TWO_DECIMALS = '0.00';

/** Columns of figures by the names of their headings. */
const FIGURES = [
  'responses',
  'people',
  'answered',
  'rate',
  'low',
  'high',
  'mean',
  'expectation',
  'overall',
  'all-favourable',
  'mean-at-least-four',
] as const;

/** The workbook of a round, in a language. */
export async function ratesWorkbook(round: Round, figures: RoundFigures, lang: string): Promise<Buffer> {
  const t = translator(lang);
  const sheets: Sheet[] = [summarySheet(figures, lang)];
  for (const service of round.services) {
    if (!isWanted(round, figures, service)) continue;
    sheets.push(serviceSheet(figures, service, lang));
    // One service after the other, so that everybody else is answered in between.
    await setImmediate();
  }
  sheets.push(explanationSheet(t));
  const names = sheetNames(sheets.map(({ title }) => title));
  return writeXlsxFile(
    sheets.map(({ data }, index) => {
      const columns = widthsOf(data);
      return {
        data: withTallHeadings(data, columns),
        sheet: names[index] ?? '',
        stickyRowsCount: 1,
        orientation: 'landscape' as const,
        columns,
      };
    }),
    {
      // One that is on every machine, in one size: rows are as tall as they must be.
      fontFamily: 'Arial',
      fontSize: 10,
      features: [
        printSetup(
          sheets.map(({ title }, index) => ({
            name: names[index] ?? '',
            title: `${round.label} – ${title}`,
          })),
        ),
      ],
    },
  ).toBuffer();
}

/** Every level; of the procedures those that anybody rated. */
function isWanted({ subject }: Round, figures: RoundFigures, { code }: RoundService): boolean {
  const offered = figures.columns.some(({ service }) => service.code === code);
  return offered && (subject === 'education' || figures.ofService(WHOLE, code).responses > 0);
}

function summarySheet(figures: RoundFigures, lang: string): Sheet {
  const t = translator(lang);
  const titleOf = ({ service, survey }: Column) => [
    text(plainInLanguage(service.name, lang)),
    text(plainInLanguage(survey.audience, lang)),
  ];
  const onlyRate = (of: Pick<Shown, 'rate' | 'low' | 'high'>, hidden: boolean) =>
    FIGURES.map((name) =>
      name === 'rate' || name === 'low' || name === 'high'
        ? cellOf({ value: of[name], hidden, format: ONE_DECIMAL }, t)
        : null,
    );
  const ways = overallRates(figures).filter(({ kind }) => kind !== 'pooled');
  const factors = figures.pooledFactors(WHOLE).parts;
  const titles = new Map(figures.columns.flatMap(({ survey }) => [...textsOf(survey, lang)].reverse()));
  return {
    title: t('exports.sheet.summary'),
    data: [
      headings([t('results.csv.name'), t('results.csv.survey')], t),
      [bold(t('results.csv.all-units')), null, ...summaryCells(figures.summary(WHOLE), t)],
      ...figures.columns.map((column) => [
        ...titleOf(column),
        ...summaryCells(figures.summary(WHOLE, column), t),
      ]),
      ...factors.map((factor) => [
        text(`${t('results.csv.kind.factor')}: ${titles.get(factor.code) ?? factor.code}`),
        null,
        ...onlyRate(factor, factor.hidden),
      ]),
      ...ways.map((way) => [
        text(`${t('results.group.overall')}: ${t(`results.way.${way.kind}`)}`),
        null,
        ...onlyRate(way, false),
      ]),
    ],
  };
}

/** The units of a service as rows, all of them together first, and each factor of each survey as a column. */
function serviceSheet(figures: RoundFigures, service: RoundService, lang: string): Sheet {
  const t = translator(lang);
  const columns = figures.columns.filter((column) => column.service.code === service.code);
  const name = plainInLanguage(service.name, lang);
  const factorHeadings = columns.flatMap((column) => {
    const texts = textsOf(column.survey, lang);
    const survey = columns.length > 1 ? `${plainInLanguage(column.survey.audience, lang)} – ` : '';
    return figures.factors(WHOLE, column).map(({ code }) => `${survey}${texts.get(code) ?? code} (%)`);
  });
  const cells = (row: string) => [
    ...summaryCells(figures.ofService(row, service.code), t),
    ...columns.flatMap((column): Cell[] =>
      figures.counts.offers(row, column.key)
        ? figures
            .factors(row, column)
            .map(({ rate, hidden }) => cellOf({ value: rate, hidden, format: ONE_DECIMAL }, t))
        : figures.factors(WHOLE, column).map(() => null),
    ),
  ];
  const units = [...figures.counts.units.values()].filter(({ unit }) =>
    columns.some(({ key }) => figures.counts.offers(ownRow(unit), key)),
  );
  return {
    title: service.kind === 'procedure' ? `${service.code} ${name}` : name,
    data: [
      headings([t('results.csv.unit-code'), t('results.csv.unit')], t, factorHeadings),
      [null, bold(t('results.csv.all-units')), ...cells(WHOLE)],
      ...units.map(({ unit, name: unitName }) => [text(unit), text(unitName), ...cells(ownRow(unit))]),
    ],
  };
}

function explanationSheet(t: Translate): Sheet {
  const rows = [...FIGURES, 'note' as const].map((name) => [
    text(t(`results.csv.${name}`)),
    wrapped(t(`exports.column.${name}`)),
  ]);
  return {
    title: t('exports.sheet.explanation'),
    data: [
      [heading(t('exports.sheet.column')), heading(t('exports.sheet.meaning'))],
      ...rows,
      [text(t('exports.hidden')), wrapped(t('results.csv.suppressed'))],
    ],
  };
}

function summaryCells(summary: ShownSummary, t: Translate): Cell[] {
  const { responses, people, total, expectation, isExpectationHidden, overall } = summary;
  const of = (value: number | null, hidden: boolean, format: string) => cellOf({ value, hidden, format }, t);
  const { hidden } = total;
  return [
    of(responses, false, WHOLE_NUMBER),
    of(people, hidden, WHOLE_NUMBER),
    of(total.answered, hidden, WHOLE_NUMBER),
    of(total.rate, hidden, ONE_DECIMAL),
    of(total.low, hidden, ONE_DECIMAL),
    of(total.high, hidden, ONE_DECIMAL),
    of(total.mean, hidden, TWO_DECIMALS),
    of(expectation, isExpectationHidden, ONE_DECIMAL),
    of(overall.rate, overall.hidden, ONE_DECIMAL),
    of(summary.allFavourable.rate, hidden, ONE_DECIMAL),
    of(summary.meanAtLeastFour.rate, hidden, ONE_DECIMAL),
  ];
}

function cellOf({ value, hidden, format }: Figure, t: Translate): Cell {
  if (hidden) return { value: t('exports.hidden'), type: String, align: 'right', textColor: '#666666' };
  return value === null ? null : { value, type: Number, format };
}

function headings(first: readonly string[], t: Translate, more: readonly string[] = []): Cell[] {
  return [...first, ...FIGURES.map((name) => t(`results.csv.${name}`)), ...more].map(heading);
}

function heading(value: string): Cell {
  return {
    value,
    type: String,
    fontWeight: 'bold',
    wrap: true,
    alignVertical: 'top',
    backgroundColor: '#E6EEF5',
    bottomBorderStyle: 'thin',
  };
}

/** Text that Excel leaves alone, so that codes keep their noughts. */
function text(value: string): Cell {
  return value === '' ? null : { value, type: String, format: '@' };
}

function bold(value: string): Cell {
  return { value, type: String, fontWeight: 'bold' };
}

function wrapped(value: string): Cell {
  return { value, type: String, wrap: true, alignVertical: 'top' };
}

const NARROWEST = 10;
const WIDEST = 60;

/** As wide as the cells below the heading, whose words go over several lines. */
function widthsOf(data: SheetData): { width: number }[] {
  const [head = []] = data;
  const longest = (parts: readonly string[]) => Math.max(0, ...parts.map((part) => part.length));
  return head.map((_, column) => {
    const cells = data.map((row) => contentOf(row[column]));
    const width = Math.max(longest((cells[0] ?? '').split(' ')), longest(cells.slice(1)));
    return { width: Math.min(WIDEST, Math.max(NARROWEST, width + 2)) };
  });
}

/** Points of a line of text. */
const LINE = 15;

/** The first row as tall as its longest heading, whose words go over several lines: not every program finds out itself. */
function withTallHeadings(data: SheetData, columns: readonly { width: number }[]): SheetData {
  const [head = [], ...rows] = data;
  const lines = head.map((cell, column) =>
    linesOf(contentOf(cell), (columns[column]?.width ?? NARROWEST) - 1),
  );
  const height = LINE * Math.max(1, ...lines) + 3;
  return [
    head.map((cell) => (cell && typeof cell === 'object' && 'value' in cell ? { ...cell, height } : cell)),
    ...rows,
  ];
}

/** How many lines a text takes in a column so many characters wide. */
function linesOf(content: string, width: number): number {
  let [lines, at] = [1, 0];
  for (const word of content.split(' ')) {
    if (at > 0 && at + 1 + word.length > width) {
      lines += 1;
      at = word.length;
    } else at += (at > 0 ? 1 : 0) + word.length;
  }
  return lines;
}

function contentOf(cell: Cell): string {
  return cell !== null && typeof cell === 'object' && 'value' in cell ? String(cell.value ?? '') : '';
}
