/** I. Mục đích, yêu cầu. */
import { SATISFACTION_RATE } from '../../../models/rounds.js';
import { type Block, dashes, heading } from '../form/content.js';
import { listInWords, targetInWords, termsOf } from '../subject.js';
import { phrase } from '../wording.js';
import type { PlanSource } from './planSource.js';

export function purposeBlocks({ context, round, plan, measure }: PlanSource): Block[] {
  const { people, rated } = termsOf(round);
  const measured = round.targets.filter(({ indicator }) => indicator === SATISFACTION_RATE);
  const minimum = context.config.minimumRespondents;
  const carriedOut =
    plan && measure
      ? [
          phrase('plan.purpose.carry-out', {
            what: measure.what,
            plan: plan.document === '' ? plan.title : `${plan.title} (${plan.document})`,
          }),
        ]
      : [];
  const aims =
    measured.length === 0
      ? []
      : [phrase('plan.purpose.targets', { targets: listInWords(measured.map(targetInWords)) })];
  return [
    heading(1, phrase('plan.purpose.title')),
    heading(2, phrase('plan.purpose.aims-title')),
    ...dashes(
      ...carriedOut,
      phrase('plan.purpose.ask', { people, rated }),
      phrase('plan.purpose.find'),
      ...aims,
      phrase('plan.purpose.follow'),
    ),
    heading(2, phrase('plan.purpose.demands-title')),
    ...dashes(
      phrase('plan.purpose.fair'),
      phrase('plan.purpose.anonymous'),
      phrase('plan.purpose.free'),
      phrase('plan.purpose.published', { minimum }),
    ),
  ];
}
