/** The headings of a group's figures, as every file has them. */
export const SUMMARY_HEADINGS = [
  'Số phiếu',
  'Số người có câu trả lời',
  'Số câu trả lời (n)',
  'Tỷ lệ hài lòng (%)',
  'Khoảng tin cậy 95 %, cận dưới (%)',
  'Khoảng tin cậy 95 %, cận trên (%)',
  'Điểm trung bình (1–5)',
  'Đáp ứng mong đợi (%)',
  'Hài lòng chung (%)',
  'Người có mọi câu mức 4–5 (%)',
  'Người có điểm trung bình từ 4 (%)',
];
