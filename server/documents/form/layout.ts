/**
 * Measures and letters of an official document: NĐ 30/2020/NĐ-CP, Phụ lục I (khổ giấy, định lề, kiểu chữ, cỡ chữ).
 * Lengths of the page in millimetres, letters in points.
 */

/** A4; margins within 20–25 (top, bottom), 30–35 (left), 15–20 (right). */
export const PAGE = {
  width: 210,
  height: 297,
  top: 20,
  bottom: 20,
  left: 30,
  right: 15,
  header: 10,
} as const;

/** Width of the text, upright and turned; turned, the margins stay where they are on the sheet's own sides. */
export const TEXT_WIDTH = PAGE.width - PAGE.left - PAGE.right;
export const TURNED_WIDTH = PAGE.height - PAGE.top - PAGE.bottom;

export const FONT = 'Times New Roman';

/** Twentieths of a point, Word's unit of length. */
export function twips(millimetres: number): number {
  return Math.round((millimetres * 1440) / 25.4);
}

/** Twentieths of a point. */
export function points(count: number): number {
  return Math.round(count * 20);
}
