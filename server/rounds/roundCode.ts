/** The code of a round in the office's addresses, made from its label. */

/** `Đợt 2 năm 2026` as `dot-2-nam-2026`. */
export function slugOf(label: string, otherwise = 'dot'): string {
  const plain = label.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  return (
    plain
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || otherwise
  );
}
