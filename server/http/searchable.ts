/** Text as people search for it. */

/** Without diacritics, capitals and needless spaces: `Trường THPT Bình Sơn` as `truong thpt binh son`. */
export function searchable(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
