/** The codes of rounds and plans in the office's addresses, made from their labels. */
import { isDuplicateKey } from './duplicateKey.js';

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

/**
 * Stores something new under the first free one of `code`, `code-2`, `code-3` …
 * @param kept `isTaken` says whether a code is in use; `store` stores under a code, and throws MongoServerError 11000
 *   where somebody else was quicker
 * @returns the code @throws whatever else `store` throws
 */
export async function storedUnderFreeCode(
  slug: string,
  {
    isTaken,
    store,
  }: {
    readonly isTaken: (code: string) => Promise<boolean>;
    readonly store: (code: string) => Promise<void>;
  },
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const code = attempt === 1 ? slug : `${slug}-${attempt}`;
    if (await isTaken(code)) continue;
    try {
      await store(code);
      return code;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
