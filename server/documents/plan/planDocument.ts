/** Kế hoạch khảo sát: its sections in the order that plans of departments have. */
import { frameOf } from '../facts.js';
import {
  type Block,
  closing,
  gap,
  heading,
  type OfficialDocument,
  paragraph,
  text,
} from '../form/content.js';
import { aboutRound, DEMO_STANDING, format, termsOf } from '../subject.js';
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
    kind: 'KẾ HOẠCH',
    kindInText: 'Kế hoạch',
    about: aboutRound('Khảo sát', round),
    standing: context.config.demo ? DEMO_STANDING : null,
    blocks: [
      paragraph(`Sở Giáo dục và Đào tạo ban hành Kế hoạch khảo sát ${about} (${round.label}) như sau:`),
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
  const amount = facts.budget === null ? [gap('số tiền')] : text`${format.count(facts.budget)} đồng`;
  const payer = facts.budgetSource === '' || !confirmed ? [gap('nguồn kinh phí')] : facts.budgetSource;
  return [
    heading(1, 'VI. Kinh phí'),
    paragraph(
      text`1. Kinh phí thực hiện: ${amount}, gồm chi in phiếu, tuyên truyền, nhập và xử lý số liệu, viết báo cáo.`,
    ),
    paragraph(
      text`2. Nguồn kinh phí: ${payer}. Việc lập dự toán, quản lý, sử dụng và thanh toán thực hiện theo quy định hiện hành.`,
    ),
  ];
}

function formBlocks(count: number, hasQuotas: boolean): Block[] {
  const first = hasQuotas ? 'bảng chỉ tiêu phiếu của từng đơn vị và ' : '';
  return [
    heading(1, 'VIII. Biểu mẫu'),
    paragraph(
      `Kèm theo Kế hoạch này ${count > 1 ? `có ${count} phụ lục` : 'có phụ lục'}: ${first}${count - Number(hasQuotas) > 1 ? 'các mẫu phiếu khảo sát' : 'mẫu phiếu khảo sát'}.`,
    ),
  ];
}

function closingBlocks({ round: { lead } }: PlanSource): Block[] {
  const to = lead === '' ? [gap('đơn vị chủ trì')] : lead;
  return [
    closing(
      text`Trên đây là Kế hoạch khảo sát của Sở Giáo dục và Đào tạo. Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị các đơn vị phản ánh về Sở Giáo dục và Đào tạo (qua ${to}) để được hướng dẫn, giải quyết./.`,
    ),
  ];
}
