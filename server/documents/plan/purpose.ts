/** I. Mục đích, yêu cầu. */
import { SATISFACTION_RATE } from '../../../models/rounds.js';
import { type Block, dashes, heading } from '../form/content.js';
import { listInWords, targetInWords, termsOf } from '../subject.js';
import type { PlanSource } from './planSource.js';

export function purposeBlocks({ context, round, plan, measure }: PlanSource): Block[] {
  const { people, rated } = termsOf(round);
  const measured = round.targets.filter(({ indicator }) => indicator === SATISFACTION_RATE);
  const minimum = context.config.minimumRespondents;
  const carriedOut =
    plan && measure
      ? [
          `Thực hiện nội dung “${measure.what}” của ${plan.title}${plan.document === '' ? '' : ` (${plan.document})`}.`,
        ]
      : [];
  const aims =
    measured.length === 0
      ? []
      : [`Làm căn cứ đánh giá việc thực hiện chỉ tiêu: ${listInWords(measured.map(targetInWords))}.`];
  return [
    heading(1, 'I. Mục đích, yêu cầu'),
    heading(2, '1. Mục đích'),
    ...dashes(
      ...carriedOut,
      `Thu thập ý kiến và đánh giá khách quan mức độ hài lòng của ${people} đối với ${rated}, mức độ đáp ứng so với mong đợi và những đề xuất, kiến nghị.`,
      'Xác định những nội dung được đánh giá tốt và những nội dung còn hạn chế ở từng dịch vụ, từng đơn vị, làm cơ sở để Sở Giáo dục và Đào tạo và các đơn vị đề ra giải pháp nâng cao chất lượng phục vụ.',
      ...aims,
      'Theo dõi sự thay đổi của mức độ hài lòng qua các đợt khảo sát.',
    ),
    heading(2, '2. Yêu cầu'),
    ...dashes(
      'Việc khảo sát bảo đảm khách quan, trung thực, đúng đối tượng, đúng tiến độ; không làm ảnh hưởng đến hoạt động của đơn vị và không gây phiền hà cho người trả lời.',
      'Người trả lời tham gia tự nguyện. Phiếu không hỏi họ tên, số điện thoại, địa chỉ hay thông tin nào khác cho biết ai đã trả lời; không đơn vị, cá nhân nào được yêu cầu người trả lời ghi thêm các thông tin này.',
      'Các đơn vị không trả lời thay, không định hướng và không gợi ý mức trả lời; không sử dụng kết quả để gây sức ép với người trả lời.',
      `Tỷ lệ công bố phải kèm số câu trả lời và khoảng tin cậy 95 %. Số liệu của nhóm có dưới ${minimum} người trả lời không được hiển thị và không được công bố.`,
    ),
  ];
}
