/**
 * Results by groups: area classes, the uppermost units, quarters of a continuous round, channels, and what people said
 * about themselves.
 */
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { WHOLE } from './counts.js';
import type { RoundFigures, ShownGroup } from './roundFigures.js';
import { unitOf } from './unitResults.js';

/** One question of one survey with a group for each option. */
export interface AttributeGroups {
  readonly survey: Survey;
  readonly item: Extract<Item, { kind: 'single' }>;
  readonly rows: readonly ShownGroup[];
}

export interface GroupResults {
  readonly areas: readonly ShownGroup[];
  /** The uppermost units under which there are several. */
  readonly units: readonly ShownGroup[];
  /** The earliest first; empty where the round is not continuous. */
  readonly quarters: readonly ShownGroup[];
  readonly channels: readonly ShownGroup[];
  readonly attributes: readonly AttributeGroups[];
}

/** Every group of a round. */
export function groupResults(figures: RoundFigures): GroupResults {
  const surveys = new Map(figures.columns.map(({ survey }) => [survey.id, survey]));
  return {
    areas: areaRows(figures),
    units: upperRows(figures),
    quarters: figures.ofGroups('quarter'),
    channels: figures.ofGroups('channel'),
    attributes: [...surveys.values()].flatMap((survey) => attributeGroups(figures, survey)),
  };
}

/** Questions of a survey with a group for each option that anybody chose, and for those who chose none. */
export function attributeGroups(figures: RoundFigures, survey: Survey): AttributeGroups[] {
  return itemsOf(survey).flatMap((item) => {
    if (item.kind !== 'single') return [];
    const known = new Map(figures.ofGroups(item.code, survey.id).map((row) => [row.value, row]));
    const rows = [...item.options.map(({ code }) => code), ''].flatMap((value) => known.get(value) ?? []);
    return rows.length === 0 ? [] : [{ survey, item, rows }];
  });
}

function areaRows(figures: RoundFigures): ShownGroup[] {
  const areas = new Set([...figures.counts.units.values()].map(({ area }) => area ?? ''));
  if (areas.size === 1 && areas.has('')) return [];
  return [...areas].sort().map((area) => ({ value: area, summary: figures.ofArea(area), factors: [] }));
}

/** Goes down from the top as long as there is only one unit. */
function upperRows(figures: RoundFigures): ShownGroup[] {
  const below = (row: string) => figures.counts.rows.filter(({ parent }) => parent === row);
  let rows = below(WHOLE);
  for (let [only] = rows; only && rows.length === 1; [only] = rows) rows = below(only.code);
  return rows
    .filter(({ code }) => code.startsWith('tree:'))
    .map(({ code }) => {
      // Of a column that is left out the others would tell, and a factor without it is another figure.
      const { parts, leftOut } = figures.pooledFactors(code);
      return {
        value: unitOf(code),
        summary: figures.summary(code),
        factors: leftOut.length > 0 ? [] : parts,
      };
    });
}
