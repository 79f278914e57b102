/** II. Phạm vi, đối tượng. */
import { type Block, dashes, gap, heading, paragraph, type TableContent, text } from '../form/content.js';
import { format, listInWords, named, termsOf } from '../subject.js';
import type { PlanSource } from './planSource.js';

/** So many desks are named in a sentence, more of them counted. */
const MOST_NAMED = 12;

export function scopeBlocks(source: PlanSource): Block[] {
  const { round, asked, facts } = source;
  const { place, people } = termsOf(round);
  const where = facts.place === '' ? [gap('địa bàn')] : facts.place;
  const names = asked.map(({ name }) => name);
  const isNamed = round.subject === 'procedure' && names.length > 0 && names.length <= MOST_NAMED;
  return [
    heading(1, 'II. Phạm vi, đối tượng'),
    heading(2, '1. Phạm vi'),
    paragraph(
      isNamed
        ? `Khảo sát tại: ${listInWords(names)}, đối với ${format.count(round.services.length)} thủ tục hành chính do các đơn vị này tiếp nhận, giải quyết.`
        : text`Khảo sát tại ${format.count(names.length)} ${place} trên địa bàn ${where}.`,
    ),
    ...(round.subject === 'education' && names.length > 0 ? [levelTable(source)] : []),
    heading(2, '2. Đối tượng'),
    paragraph(`Đối tượng khảo sát là ${people}, gồm:`),
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
    caption: 'Số đơn vị tham gia khảo sát theo cấp học',
    columns: [
      { heading: 'TT', width: 10, align: 'mark' },
      { heading: 'Cấp học, dịch vụ', width: 100 },
      { heading: 'Số đơn vị', width: 35, align: 'number' },
    ],
    rows: [
      ...rows.map(({ name, units }, at) => ({ cells: [String(at + 1), name, format.count(units.length)] })),
      { cells: ['', 'Số đơn vị tham gia khảo sát', format.count(asked.length)], total: true },
    ],
    notes: [
      ...(several > 0
        ? [
            `Ghi chú: ${format.count(several)} đơn vị có nhiều cấp học được tính ở mỗi cấp học và một lần ở dòng cuối.`,
          ]
        : []),
      ...(learners > 0
        ? [
            `Tổng số học sinh, học viên của các đơn vị: ${format.count(learners)}${unknown > 0 ? ` (chưa gồm ${format.count(unknown)} đơn vị chưa có số liệu)` : ''}.`,
          ]
        : []),
    ],
  };
}
