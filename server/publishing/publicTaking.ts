/** What of a public page can be taken along: its tables and pictures, from what is sealed. */
import { comparedTables } from '../results/comparedTables.js';
import {
  type FigureTable,
  figureTable,
  shownColumns,
  summaryColumns,
  textColumn,
} from '../results/figureTable.js';
import { type GroupKind, groupKinds, groupTables } from '../results/groupKinds.js';
import {
  factorsShown,
  factorsTable,
  ranksTable,
  servicesTable,
  waysTable,
} from '../results/overviewTables.js';
import type { FigurePage } from '../results/page.js';
import { levelsPicture, MOST_SLOPES, ratesPicture, slopePicture } from '../results/pictures.js';
import type { ShownPart } from '../results/roundFigures.js';
import { addressName, columnName, factorTitles, itemTitle } from '../results/titles.js';
import type { Words } from '../results/words.js';
import type { ComparedWith, UnitsPart, WholeRound } from './parts.js';
import type { PublishedRevision } from './published.js';
import { foundUnits, type UnitQuery } from './unitSearch.js';

/** The tables and pictures of a page. */
export type Taking = Pick<FigurePage, 'pictures' | 'tables'>;

type Sealed = Pick<PublishedRevision, 'facts' | 'surveys'>;

/** The kinds of groups that the public sees. Channels and blocks of units are the office's own affair. */
export function publicGroups({ groups }: Pick<WholeRound, 'groups'>, { surveys }: Sealed): GroupKind[] {
  const attributes = groups.attributes.flatMap(({ survey: id, ...each }) => {
    const survey = surveys.get(id);
    return survey ? [{ ...each, survey }] : [];
  });
  return groupKinds({ ...groups, units: [], channels: [], attributes }, new Map());
}

/** Of the round as a whole. Groups have no pictures here: a dozen more would double what a phone has to fetch. */
export function overviewTaking(overview: WholeRound, revision: Sealed, words: Words): Taking {
  const { facts, surveys } = revision;
  const { t } = words;
  if (overview.total.responses === 0) return { pictures: [], tables: [] };
  const titles = factorTitles([...surveys.values()], words);
  const factors = factorsShown(overview.factors).map((figure) => ({
    label: titles.get(figure.code) ?? figure.code,
    figure,
  }));
  const columns = overview.columns.filter(({ summary }) => summary.responses > 0);
  const services = columns.map(({ column, summary }) => ({
    label: columnName(column, facts, words),
    figure: summary.total,
  }));
  const kinds = publicGroups(overview, revision);
  const of = { round: facts.label };
  return {
    pictures: [
      levelsPicture('muc-do', t('results.picture.factor-levels', of), factors, words),
      ratesPicture('linh-vuc', t('results.picture.factor-rates', of), factors, facts, words),
      ratesPicture('dich-vu', t('results.picture.service-rates', of), services, facts, words),
    ],
    tables: [
      factorsTable(factors, words),
      ranksTable([...overview.lowest, ...overview.highest], words),
      servicesTable(columns, words),
      ...columns.map((column) => columnTable(column, overview, words)),
      waysTable(overview.overallRates, words),
      ...groupTables(kinds, words),
    ],
  };
}

/** The name of the table of factors and items of one survey on one service. */
export function nameOfColumn({ column }: Pick<WholeRound['columns'][number], 'column'>): string {
  return addressName(`${column.service.code}-${column.survey.id}`);
}

/** Factors of one survey on one service, each with its items after it. */
function columnTable(
  { column, factors }: WholeRound['columns'][number],
  overview: WholeRound,
  words: Words,
): FigureTable {
  const titles = factorTitles([column.survey], words);
  const items = overview.items.find((each) => each.column === column)?.items ?? [];
  const rows = factors.flatMap((factor) => [
    { part: factor, title: titles.get(factor.code) ?? factor.code },
    ...items
      .filter(({ code }) => code.startsWith(factor.code))
      .map((part) => ({ part, title: itemTitle(column.survey, part.code, words) })),
  ]);
  return figureTable(nameOfColumn({ column }), rows, [
    textColumn(words.t('results.csv.code'), ({ part }) => part.code),
    textColumn(words.t('results.csv.item'), ({ title }) => title),
    ...shownColumns(({ part }: { part: ShownPart }) => part, words),
  ]);
}

/** Of the units that are looked for, on all pages of the list. */
export function unitsTaking(units: UnitsPart, query: UnitQuery, words: Words): Taking {
  const { t } = words;
  type Found = ReturnType<typeof foundUnits>['rows'][number];
  return {
    pictures: [],
    tables: [
      figureTable('don-vi', foundUnits(units, query).rows, [
        textColumn(t('results.csv.unit-code'), ({ code }) => code),
        textColumn(t('results.csv.unit'), ({ name }) => name),
        textColumn(t('publishing.units.place'), ({ place }) => place),
        ...summaryColumns(({ summary }: Found) => summary, words),
      ]),
    ],
  };
}

/** Of two rounds beside each other; nothing where there is none to compare with. */
export function comparisonTaking(comparison: ComparedWith | null, { facts }: Sealed, words: Words): Taking {
  if (!comparison) return { pictures: [], tables: [] };
  const services = comparison.columns
    .map(({ column, total }) => ({ label: columnName(column, facts, words), difference: total }))
    .filter(({ difference }) => difference.points !== null);
  const title = words.t('results.picture.services-compared');
  return {
    pictures:
      services.length === 0 || services.length > MOST_SLOPES
        ? []
        : [slopePicture('dich-vu', title, services, { now: facts, before: comparison.round }, words)],
    tables: comparedTables(comparison, words),
  };
}
