/** V. Hình thức và thời gian khảo sát. */
import { isByInvitation } from '../../../models/rounds.js';
import { type Block, dashes, gap, heading, numberedRows, type Text } from '../form/content.js';
import { format } from '../subject.js';
import { phrase, wording } from '../wording.js';
import { productsLike, whenDue } from './assignments.js';
import type { PlanSource } from './planSource.js';

export function scheduleBlocks(source: PlanSource): Block[] {
  const { round, measure } = source;
  const kiosk = round.subject === 'procedure' ? [phrase('plan.schedule.kiosk')] : [];
  return [
    heading(1, phrase('plan.schedule.title')),
    heading(2, phrase('plan.schedule.ways-title')),
    ...dashes(
      isByInvitation(round) ? phrase('plan.schedule.invitation') : phrase('plan.schedule.link'),
      ...kiosk,
      measure?.paper ? phrase('plan.schedule.paper') : phrase('plan.schedule.paper-as-well'),
    ),
    heading(2, phrase('plan.schedule.time-title')),
    {
      kind: 'table',
      caption: phrase('plan.schedule.steps'),
      columns: [
        { heading: phrase('column.order'), width: 10, align: 'mark' },
        { heading: phrase('plan.schedule.column.step'), width: 85 },
        { heading: phrase('plan.schedule.column.time'), width: 70 },
      ],
      rows: numberedRows(steps(source)),
    },
  ];
}

function steps(source: PlanSource): [what: string, when: Text][] {
  const { round } = source;
  const [opens, closes] = [format.day(round.opens), format.day(round.closes)];
  const report = productsLike(source, 'báo cáo')[0];
  return [
    [phrase('plan.schedule.step.issue'), phrase('plan.schedule.before', { day: opens })],
    [
      round.continuous ? phrase('plan.schedule.step.ask-always') : phrase('plan.schedule.step.ask'),
      phrase('plan.schedule.between', { opens, closes }),
    ],
    [phrase('plan.schedule.step.enter'), wording('plan.schedule.before', { day: gap() })],
    [
      phrase('plan.schedule.step.report'),
      round.continuous
        ? phrase('plan.schedule.quarterly')
        : report?.due != null
          ? whenDue(report)
          : wording('plan.schedule.before', { day: gap() }),
    ],
    [phrase('plan.schedule.step.publish'), wording('plan.schedule.before', { day: gap() })],
  ];
}
