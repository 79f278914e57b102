/** Figures as documents, pages and files write them, read back as numbers. */

/** A number; null where there is none, or it is hidden. @throws where it is something else */
export function numberOf(text: string | undefined): number | null {
  const plain = (text ?? '').replace(/[\s%+]/g, '').replace('−', '-');
  if (['', '–', 'ẩn', '(ẩn)'].includes(plain)) return null;
  const isVietnamese = plain.includes(',') || /^-?\d{1,3}(\.\d{3})+$/.test(plain);
  const number = Number(isVietnamese ? plain.replaceAll('.', '').replace(',', '.') : plain);
  if (Number.isNaN(number)) throw new Error(`no number: ${text}`);
  return number;
}

export function numbersOf(cells: readonly string[]): (number | null)[] {
  return cells.map(numberOf);
}

/** Both ends of an interval. */
export function intervalOf(cell: string | undefined): (number | null)[] {
  const [low, high] = (cell ?? '').split(' – ');
  return [numberOf(low), numberOf(high)];
}

/** Rate, interval and mean as a document has them. */
export function rateOf([rate, interval, mean]: readonly string[]): (number | null)[] {
  return [numberOf(rate), ...intervalOf(interval), numberOf(mean)];
}

/** The same as a file has them. */
export function figureOf(line: Readonly<Record<string, string>>): (number | null)[] {
  return [
    line['Tỷ lệ hài lòng (%)'],
    line['Khoảng tin cậy 95 %, cận dưới (%)'],
    line['Khoảng tin cậy 95 %, cận trên (%)'],
    line['Điểm trung bình (1–5)'],
  ].map(numberOf);
}
