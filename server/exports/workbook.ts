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
import {
  boldCell,
  figureCell,
  headingCell,
  hiddenCell,
  textCell,
  widthsOf,
  withTallHeadings,
  wrappedCell,
} from './sheetCells.js';
import { sheetNames } from './sheetNames.js';
import { SUMMARY_FIGURES } from './summaryFigures.js';

interface Sheet {
  readonly title: string;
  readonly data: SheetData;
}

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
    textCell(plainInLanguage(service.name, lang)),
    textCell(plainInLanguage(survey.audience, lang)),
  ];
  const ways = overallRates(figures).filter(({ kind }) => kind !== 'pooled');
  const factors = figures.pooledFactors(WHOLE).parts;
  const titles = new Map(figures.columns.flatMap(({ survey }) => [...textsOf(survey, lang)].reverse()));
  return {
    title: t('exports.sheet.summary'),
    data: [
      headings([t('results.csv.name'), t('results.csv.survey')], t),
      [boldCell(t('results.csv.all-units')), null, ...summaryCells(figures.summary(WHOLE), t)],
      ...figures.columns.map((column) => [
        ...titleOf(column),
        ...summaryCells(figures.summary(WHOLE, column), t),
      ]),
      ...factors.map((factor) => [
        textCell(`${t('results.csv.kind.factor')}: ${titles.get(factor.code) ?? factor.code}`),
        null,
        ...rateCells(factor, factor.hidden, t),
      ]),
      ...ways.map((way) => [
        textCell(`${t('results.group.overall')}: ${t(`results.way.${way.basis ?? way.kind}`)}`),
        null,
        ...rateCells(way, false, t),
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
        ? figures.factors(row, column).map(({ rate, hidden }) => cellOf(rate, hidden, 1, t))
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
      [null, boldCell(t('results.csv.all-units')), ...cells(WHOLE)],
      ...units.map(({ unit, name: unitName }) => [
        textCell(unit),
        textCell(unitName),
        ...cells(ownRow(unit)),
      ]),
    ],
  };
}

function explanationSheet(t: Translate): Sheet {
  const rows = [...SUMMARY_FIGURES, { name: 'note' }].map(({ name }) => [
    textCell(t(`results.csv.${name}`)),
    wrappedCell(t(`exports.column.${name}`)),
  ]);
  return {
    title: t('exports.sheet.explanation'),
    data: [
      [headingCell(t('exports.sheet.column')), headingCell(t('exports.sheet.meaning'))],
      ...rows,
      [textCell(t('exports.hidden')), wrappedCell(t('results.csv.suppressed'))],
    ],
  };
}

function summaryCells(summary: ShownSummary, t: Translate): Cell[] {
  return SUMMARY_FIGURES.map(({ value, isHidden, decimals }) =>
    cellOf(value(summary), isHidden(summary), decimals, t),
  );
}

/** The cells of a row of which only the rate is told. */
function rateCells(of: Pick<Shown, 'rate' | 'low' | 'high'>, hidden: boolean, t: Translate): Cell[] {
  return SUMMARY_FIGURES.map(({ name }) =>
    name === 'rate' || name === 'low' || name === 'high' ? cellOf(of[name], hidden, 1, t) : null,
  );
}

function cellOf(value: number | null, hidden: boolean, decimals: 0 | 1 | 2, t: Translate): Cell {
  return hidden ? hiddenCell(t('exports.hidden')) : figureCell(value, decimals);
}

function headings(first: readonly string[], t: Translate, more: readonly string[] = []): Cell[] {
  return [...first, ...SUMMARY_FIGURES.map(({ name }) => t(`results.csv.${name}`)), ...more].map(headingCell);
}
