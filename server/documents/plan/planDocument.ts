/** Kế hoạch khảo sát: its sections in the order that plans of departments have. */
import { frameOf } from '../facts.js';
import { type Block, closing, gap, heading, type OfficialDocument, paragraph } from '../form/content.js';
import { aboutRound, DEMO_STANDING, format, termsOf } from '../subject.js';
import { phrase, wording } from '../wording.js';
import { assignmentBlocks } from './assignments.js';
import { contentBlocks } from './contentOfSurvey.js';
import type { PlanSource } from './planSource.js';
import { purposeBlocks } from './purpose.js';
import { questionnaireAppendices } from './questionnaires.js';
import { quotaAppendix } from './quotas.js';
import { sampleBlocks } from './sample.js';
import { scheduleBlocks } from './schedule.js';
import { scopeBlocks } from './scope.js';

/** The document of a round's plan. */
export function planDocument(source: PlanSource): OfficialDocument {
  const { context, round, known } = source;
  const { about } = termsOf(round);
  const quotas = quotaAppendix(source);
  const appendices = [...(quotas ? [quotas] : []), ...questionnaireAppendices(source)];
  return {
    ...frameOf(context, known, context.today()),
    kind: phrase('plan.kind'),
    kindInText: phrase('plan.kind-in-text'),
    about: aboutRound(phrase('plan.about'), round),
    standing: context.config.demo ? DEMO_STANDING : null,
    blocks: [
      paragraph(phrase('plan.introduction', { about, round: round.label })),
      ...purposeBlocks(source),
      ...scopeBlocks(source),
      ...contentBlocks(source),
      ...sampleBlocks(source),
      ...scheduleBlocks(source),
      ...budgetBlocks(source),
      ...assignmentBlocks(source),
      ...formBlocks(appendices.length, quotas !== null),
      ...closingBlocks(source),
    ],
    appendices,
  };
}

function budgetBlocks({ facts, known: { confirmed } }: PlanSource): Block[] {
  const amount =
    facts.budget === null
      ? [gap(phrase('gap.amount'))]
      : wording('plan.budget.sum', { amount: format.count(facts.budget) });
  const payer = facts.budgetSource === '' || !confirmed ? [gap(phrase('gap.payer'))] : facts.budgetSource;
  return [
    heading(1, phrase('plan.budget.title')),
    paragraph(wording('plan.budget.amount', { amount })),
    paragraph(wording('plan.budget.payer', { payer })),
  ];
}

function formBlocks(count: number, hasQuotas: boolean): Block[] {
  const forms =
    count - Number(hasQuotas) > 1 ? phrase('plan.forms.questionnaires') : phrase('plan.forms.questionnaire');
  return [
    heading(1, phrase('plan.forms.title')),
    paragraph(
      phrase('plan.forms.list', {
        count: count > 1 ? phrase('plan.forms.several', { count }) : phrase('plan.forms.one'),
        what: hasQuotas ? phrase('plan.forms.quotas-and', { forms }) : forms,
      }),
    ),
  ];
}

function closingBlocks({ round: { lead } }: PlanSource): Block[] {
  const to = lead === '' ? [gap(phrase('gap.lead'))] : lead;
  return [closing(wording('plan.closing', { lead: to }))];
}
