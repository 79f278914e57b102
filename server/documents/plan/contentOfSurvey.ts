/** III. Nội dung khảo sát: the questionnaires, what they ask about, how the figures come about. */
import { SATISFACTION_RATE } from '../../../models/rounds.js';
import { factorsOf } from '../../../surveys/read.js';
import type { Survey } from '../../../surveys/schema.js';
import { type Block, dashes, heading, paragraph } from '../form/content.js';
import { capital, format, named, targetInWords, termsOf } from '../subject.js';
import type { PlanSource } from './planSource.js';

export function contentBlocks({ round, surveys }: PlanSource): Block[] {
  const { factor } = termsOf(round);
  const others = round.targets.filter(({ indicator }) => indicator !== SATISFACTION_RATE);
  return [
    heading(1, 'III. Nội dung khảo sát'),
    heading(2, '1. Phiếu khảo sát'),
    {
      kind: 'table',
      caption: 'Các mẫu phiếu',
      columns: [
        { heading: 'TT', width: 10, align: 'mark' },
        { heading: 'Mẫu phiếu', width: 75 },
        { heading: 'Người trả lời', width: 50 },
        { heading: 'Số tiêu chí', width: 18, align: 'number' },
        { heading: 'Thời gian trả lời', width: 22, align: 'number' },
      ],
      rows: surveys.map((survey, at) => ({
        cells: [
          String(at + 1),
          named(survey.title),
          named(survey.audience),
          format.count(criteria(survey)),
          `${survey.minutes} phút`,
        ],
      })),
    },
    heading(2, `2. Các ${factor} được đánh giá`),
    ...dashes(
      ...factorTitles(surveys).map(({ titles, least, most }) => {
        const count = least === most ? String(most) : `${least}–${most}`;
        return `${titles.join(' / ')} (${count} tiêu chí);`;
      }),
      'Đánh giá chung: mức độ hài lòng chung và mức độ đáp ứng so với mong đợi;',
      'Câu hỏi mở về những điều cần cải thiện.',
    ),
    heading(2, '3. Thang đo và các chỉ số'),
    paragraph(
      'Mỗi tiêu chí được đánh giá theo 5 mức: 1 - Rất không hài lòng; 2 - Không hài lòng; 3 - Bình thường; 4 - Hài lòng; 5 - Rất hài lòng. Người trả lời có thể chọn “Không có ý kiến”.',
    ),
    ...dashes(
      `Tỷ lệ hài lòng = số câu trả lời ở mức 4 và mức 5 / số câu trả lời từ mức 1 đến mức 5, tính bằng phần trăm, cho từng tiêu chí, từng ${factor} và chung; câu bỏ trống và “Không có ý kiến” không tính vào mẫu số.`,
      'Điểm hài lòng trung bình: từ 1 đến 5.',
      'Mức độ đáp ứng mong đợi: trung bình các tỷ lệ phần trăm do người trả lời tự đánh giá.',
      'Tỷ lệ người hài lòng toàn diện: số người có mọi câu trả lời ở mức 4 và mức 5 / số người trả lời; được nêu riêng, không thay cho tỷ lệ hài lòng.',
    ),
    ...(others.length === 0
      ? []
      : [
          paragraph(
            'Các chỉ tiêu sau của kế hoạch không đo bằng phiếu khảo sát này, được theo dõi từ nguồn khác:',
          ),
          ...dashes(...others.map((target) => `${capital(targetInWords(target))}.`)),
        ]),
  ];
}

/** Factors by their letter, with every title they have in the surveys and how many items. */
function factorTitles(surveys: readonly Survey[]): { titles: string[]; least: number; most: number }[] {
  const codes = [...new Set(surveys.flatMap((survey) => factorsOf(survey).map(({ code }) => code)))].sort();
  return codes.map((code) => {
    const same = surveys.flatMap((survey) => factorsOf(survey).filter((factor) => factor.code === code));
    const counts = same.map(({ items }) => items.length);
    return {
      titles: [...new Set(same.map(({ title }) => named(title)))],
      least: Math.min(...counts),
      most: Math.max(...counts),
    };
  });
}

function criteria(survey: Survey): number {
  return factorsOf(survey).reduce((sum, { items }) => sum + items.length, 0);
}
