/**
 * The list that a job is given to store. It is kept apart from the job, whose own input stays for weeks: only until the
 * job has stored it or was refused, and for a day at most where its server died and nobody begins it again. A list of
 * answers must not lie about for longer.
 */
import { forgetText, keepText, keptText } from '../../models/keptTexts.js';
import { Problem } from '../http/problem.js';
import { csvText } from '../lists/csvLines.js';
import type { ReadList } from '../lists/list.js';
import { readList } from '../lists/readList.js';

/** Where a job's input says that its list is. */
export type GivenList = { readonly list: string; readonly pieces: number };

const KEPT_MS = 24 * 60 * 60 * 1000;

/** Keeps a list for a job. @returns what the job's input is to say of it */
export async function giveList({ lines }: ReadList): Promise<GivenList> {
  const { text, pieces } = await keepText([csvText(lines)], new Date(Date.now() + KEPT_MS));
  return { list: text, pieces };
}

/** Forgets a list that no job needs. */
export function forgetList({ list }: GivenList): Promise<void> {
  return forgetText(list);
}

/**
 * Stores a list that a job was given, once, however often the job is begun again; then forgets it.
 * @param stored what an earlier run has made of it; null where none has
 * @param store what is made of it
 * @throws {Problem} 409 `list-gone` where it was forgotten, and what `store` throws: a refusal forgets the list too
 */
export async function storeGivenList<T>(
  given: GivenList,
  stored: () => Promise<T | null>,
  store: (list: ReadList) => Promise<T>,
): Promise<T> {
  try {
    const made = (await stored()) ?? (await store(await listOf(given)));
    await forgetList(given);
    return made;
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    // A run that was given up for dead may have been the quicker one.
    const made = await stored();
    await forgetList(given);
    if (made !== null) return made;
    throw error;
  }
}

async function listOf({ list: text, pieces }: GivenList): Promise<ReadList> {
  const bytes: Buffer[] = [];
  try {
    for await (const piece of keptText({ text, pieces })) bytes.push(piece);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(409, 'list-gone');
    throw error;
  }
  return readList(Buffer.concat(bytes));
}
