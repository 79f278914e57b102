/** Groups as a page shows them, one table for each kind, with what of it can be taken along. */
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { type FigureTable, factorColumns, figureTable, summaryColumns, textColumn } from './figureTable.js';
import type { GroupResults } from './groupRows.js';
import { type Picture, ratesPicture, type TargetsOfRound } from './pictures.js';
import type { ShownGroup } from './roundFigures.js';
import { addressName } from './titles.js';
import type { Words } from './words.js';

/** What names are written with: on a page with the language of each part, in files without. */
type Naming = Pick<Words, 't' | 'name'>;

/** Groups of one kind: area classes, channels, the options of a question. */
export interface GroupKind {
  /** In addresses. */
  readonly name: string;
  /** The survey that puts the question; null where groups are of all people. */
  readonly survey: Survey | null;
  readonly title: (naming: Naming) => string;
  readonly rows: readonly ShownGroup[];
  readonly nameOf: (value: string, naming: Naming) => string;
  /** Whether the groups are units, which have pages of their own. */
  readonly isOfUnits: boolean;
}

/** Questions of a survey with their groups, by the survey and the code of the question. */
interface AskedGroups {
  readonly survey: Survey;
  readonly item: string;
  readonly rows: readonly ShownGroup[];
}

/** Every kind of which there are groups. @param names of units by code */
export function groupKinds(
  groups: Omit<GroupResults, 'attributes'> & { readonly attributes: readonly AskedGroups[] },
  names: ReadonlyMap<string, string>,
): GroupKind[] {
  const kind = (
    what: 'area' | 'unit' | 'quarter' | 'channel',
    name: string,
    rows: readonly ShownGroup[],
    nameOf: GroupKind['nameOf'],
  ): GroupKind => ({
    name,
    survey: null,
    title: ({ t }) => t(`results.group.${what}`),
    rows,
    nameOf,
    isOfUnits: what === 'unit',
  });
  return [
    kind('area', 'dia-ban', byName(groups.areas), (value, { t }) => value || t('results.group.no-area')),
    kind('unit', 'khoi-don-vi', groups.units, (value) => names.get(value) ?? value),
    kind('quarter', 'quy', groups.quarters, (value, { t }) =>
      t(`results.quarter.${value.slice(-1)}`, { year: value.slice(0, 4) }),
    ),
    kind('channel', 'kenh', groups.channels, (value, { t }) => t(`results.channel.${value}`)),
    ...groups.attributes.flatMap(attributeKind),
  ].filter(({ rows }) => rows.length > 0);
}

/** Area classes as a Vietnamese list has them; units without one come last. */
function byName(areas: readonly ShownGroup[]): readonly ShownGroup[] {
  return [...areas].sort(
    (a, b) => Number(a.value === '') - Number(b.value === '') || a.value.localeCompare(b.value, 'vi'),
  );
}

/** The options of one question; none where the survey does not put it. */
export function attributeKind({ survey, item: code, rows }: AskedGroups): GroupKind[] {
  const item = itemsOf(survey).find(
    (each): each is Extract<Item, { kind: 'single' }> => each.code === code && each.kind === 'single',
  );
  if (!item) return [];
  const options = new Map(item.options.map((option) => [option.code, option.text]));
  return [
    {
      name: addressName(`${survey.id}-${code}`),
      survey,
      title: ({ name }) => name(item.text),
      rows,
      nameOf: (value, { t, name }) => {
        const text = options.get(value);
        return text ? name(text) : t('results.group.none');
      },
      isOfUnits: false,
    },
  ];
}

/** The tables of kinds of groups: the figures of each group as a whole, and its factors where any are told. */
export function groupTables(kinds: readonly GroupKind[], words: Words): FigureTable[] {
  const { t } = words;
  return kinds.flatMap(({ name, rows, nameOf }) => {
    const group = textColumn(t('results.csv.group'), ({ value }: ShownGroup) => nameOf(value, words));
    const factors = factorColumns(rows, (row: ShownGroup) => row.factors, words);
    return [
      figureTable(name, rows, [group, ...summaryColumns(({ summary }: ShownGroup) => summary, words)]),
      ...(factors.length > 0 ? [figureTable(`${name}-linh-vuc`, rows, [group, ...factors])] : []),
    ];
  });
}

/** A picture of each kind with two groups to see beside each other: their rates with intervals. */
export function groupPictures(
  kinds: readonly GroupKind[],
  round: TargetsOfRound & { readonly label: string },
  words: Words,
): Picture[] {
  const several = kinds.filter(
    ({ rows }) => rows.filter(({ summary }) => summary.total.rate !== null).length > 1,
  );
  return several.map(({ name, survey, title, rows, nameOf }) => {
    const group = survey ? `${words.name(survey.audience)}: ${title(words)}` : title(words);
    return ratesPicture(
      name,
      words.t('results.picture.groups', { group, round: round.label }),
      rows.map(({ value, summary }) => ({ label: nameOf(value, words), figure: summary.total })),
      round,
      words,
    );
  });
}
