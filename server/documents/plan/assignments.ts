/** VII. Tổ chức thực hiện: who does what with whom, what comes of it, and by when. */
import type { Deliverable } from '../../../models/plans.js';
import { writtenDue } from '../../plans/calendar.js';
import { type Block, dashes, gap, heading, numberedRows, type Text } from '../form/content.js';
import { format } from '../subject.js';
import { phrase, wording } from '../wording.js';
import { coordinatingOf, type PlanSource } from './planSource.js';

export function assignmentBlocks(source: PlanSource): Block[] {
  const lead = leadOf(source);
  const coordinating = coordinatingOf(source);
  const others: Text =
    coordinating.length === 0 ? [gap(phrase('gap.coordinating'))] : coordinating.join('; ');
  return [
    heading(1, phrase('plan.assignments.title')),
    heading(2, phrase('plan.assignments.lead-title')),
    ...dashes(wording('plan.assignments.lead', { lead })),
    heading(2, phrase('plan.assignments.others-title')),
    ...dashes(wording('plan.assignments.others', { others, lead })),
    heading(2, phrase('plan.assignments.units-title')),
    ...dashes(
      phrase('plan.assignments.units.inform'),
      phrase('plan.assignments.units.follow'),
      phrase('plan.assignments.units.contact'),
    ),
    heading(2, phrase('plan.assignments.tasks-title')),
    {
      kind: 'table',
      caption: phrase('plan.assignments.tasks'),
      columns: [
        { heading: phrase('column.order'), width: 11, align: 'mark' },
        { heading: phrase('plan.assignments.column.task'), width: 48 },
        { heading: phrase('plan.assignments.column.lead'), width: 27 },
        { heading: phrase('plan.assignments.column.others'), width: 33 },
        { heading: phrase('plan.assignments.column.product'), width: 33 },
        { heading: phrase('plan.assignments.column.due'), width: 25 },
      ],
      rows: numberedRows(tasks(source, lead, others)),
    },
  ];
}

type Task = readonly [work: string, lead: Text, others: Text, product: string, due: Text];

function tasks(source: PlanSource, lead: Text, others: Text): Task[] {
  const { round, asked, measure } = source;
  const [opens, closes] = [format.day(round.opens), format.day(round.closes)];
  const quota = asked.reduce((sum, row) => sum + (row.quota ?? 0), 0);
  const plans = [...productsLike(source, 'kế hoạch'), ...productsLike(source, 'phương án')];
  const reports = productsLike(source, 'báo cáo');
  const rest = (measure?.products ?? []).filter((product) => ![...plans, ...reports].includes(product));
  const units = phrase('plan.assignments.asked');
  const planned = (products: readonly Deliverable[], usual: Task): Task[] =>
    products.length === 0
      ? [usual]
      : products.map((product) => [
          usual[0],
          usual[1],
          usual[2],
          product.name,
          product.due === null && product.every === null ? usual[4] : whenDue(product),
        ]);
  return [
    ...planned(plans, [
      phrase('plan.assignments.task.plan'),
      lead,
      others,
      phrase('plan.assignments.product.plan'),
      phrase('plan.assignments.before', { day: opens }),
    ]),
    [
      phrase('plan.assignments.task.set-up'),
      lead,
      units,
      phrase('plan.assignments.product.set-up'),
      phrase('plan.assignments.before', { day: opens }),
    ],
    [
      phrase('plan.assignments.task.ask'),
      units,
      lead,
      quota > 0
        ? phrase('plan.assignments.product.quota', { quota: format.count(quota) })
        : phrase('plan.assignments.product.forms'),
      phrase('plan.assignments.between', { opens, closes }),
    ],
    [
      phrase('plan.assignments.task.follow'),
      lead,
      others,
      phrase('plan.assignments.product.follow'),
      phrase('plan.assignments.between', { opens, closes }),
    ],
    [phrase('plan.assignments.task.enter'), units, lead, phrase('plan.assignments.product.enter'), [gap()]],
    ...planned(reports, [
      phrase('plan.assignments.task.report'),
      lead,
      others,
      phrase('plan.assignments.product.report'),
      round.continuous ? phrase('plan.assignments.continuously') : [gap()],
    ]),
    ...rest.map(
      (product): Task => [
        phrase('plan.assignments.task.other'),
        lead,
        others,
        product.name,
        product.due === null && product.every === null ? [gap()] : whenDue(product),
      ],
    ),
    [
      phrase('plan.assignments.task.publish'),
      lead,
      units,
      phrase('plan.assignments.product.publish'),
      [gap()],
    ],
  ];
}

function leadOf({ round: { lead } }: PlanSource): Text {
  return lead === '' ? [gap(phrase('gap.lead'))] : lead;
}

/** Products of the plan's measure whose name begins so. */
export function productsLike({ measure }: PlanSource, beginning: string): Deliverable[] {
  return (measure?.products ?? []).filter(({ name }) => name.toLocaleLowerCase('vi').startsWith(beginning));
}

const EVERY = {
  month: phrase('plan.due.month'),
  quarter: phrase('plan.due.quarter'),
  'half-year': phrase('plan.due.half-year'),
  year: phrase('plan.due.year'),
} as const;

/** When a product is due, as the plan says. */
export function whenDue({ due, every }: Deliverable): string {
  if (due !== null)
    return /-Q/.test(due)
      ? phrase('plan.due.in', { due: writtenDue(due) })
      : phrase('plan.due.before', { due: writtenDue(due) });
  return every === null ? '' : EVERY[every];
}
