/** II. Phạm vi, đối tượng. */
import {
  type Block,
  dashes,
  gap,
  heading,
  numberedRows,
  paragraph,
  type TableContent,
} from '../form/content.js';
import { format, listInWords, named, termsOf } from '../subject.js';
import { phrase, wording } from '../wording.js';
import type { PlanSource } from './planSource.js';

/** So many desks are named in a sentence, more of them counted. */
const MOST_NAMED = 12;

export function scopeBlocks(source: PlanSource): Block[] {
  const { round, asked, facts } = source;
  const { place, people } = termsOf(round);
  const where = facts.place === '' ? [gap(phrase('gap.where'))] : facts.place;
  const names = asked.map(({ name }) => name);
  const isNamed = round.subject === 'procedure' && names.length > 0 && names.length <= MOST_NAMED;
  return [
    heading(1, phrase('plan.scope.title')),
    heading(2, phrase('plan.scope.places-title')),
    paragraph(
      isNamed
        ? phrase('plan.scope.desks', {
            names: listInWords(names),
            procedures: format.count(round.services.length),
          })
        : wording('plan.scope.places', { count: format.count(names.length), place, where }),
    ),
    ...(round.subject === 'education' && names.length > 0 ? [levelTable(source)] : []),
    heading(2, phrase('plan.scope.people-title')),
    paragraph(phrase('plan.scope.people', { people })),
    ...dashes(
      ...audiences(source).map((audience, at, all) => `${audience}${at === all.length - 1 ? '.' : ';'}`),
    ),
  ];
}

function audiences({ surveys }: PlanSource): string[] {
  return [...new Set(surveys.map(({ audience }) => named(audience)))];
}

/** How many units give each service, and how many learners they have. */
function levelTable({ round, asked, levels }: PlanSource): TableContent {
  const rows = round.services.map((service) => {
    const units = asked.filter(({ unit }) => levels.get(unit)?.includes(service.code));
    return { name: named(service.name), units };
  });
  const several = asked.filter(({ unit }) => (levels.get(unit)?.length ?? 0) > 1).length;
  const learners = asked.reduce((sum, { enrolment }) => sum + (enrolment ?? 0), 0);
  const unknown = asked.filter(({ enrolment }) => enrolment === null).length;
  return {
    kind: 'table',
    caption: phrase('plan.scope.levels'),
    columns: [
      { heading: phrase('column.order'), width: 10, align: 'mark' },
      { heading: phrase('column.service'), width: 100 },
      { heading: phrase('column.units'), width: 35, align: 'number' },
    ],
    rows: [
      ...numberedRows(rows.map(({ name, units }) => [name, format.count(units.length)])),
      { cells: ['', phrase('plan.scope.levels-sum'), format.count(asked.length)], total: true },
    ],
    notes: [
      ...(several > 0 ? [phrase('plan.scope.several', { units: format.count(several) })] : []),
      ...(learners > 0
        ? [
            unknown > 0
              ? phrase('plan.scope.learners-known', {
                  learners: format.count(learners),
                  unknown: format.count(unknown),
                })
              : phrase('plan.scope.learners', { learners: format.count(learners) }),
          ]
        : []),
    ],
  };
}
