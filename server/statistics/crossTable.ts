/** Cross tables of two items: how often each pair of levels was given, 25 counts whatever the number of people. */
import { type Answers, isLevel } from './tally.js';

/** Counts by level of the item (rows, 1 to 5) and level of overall satisfaction (columns, 1 to 5). */
export type CrossTable = number[][];

/** A cross table of nobody. */
export function emptyCrossTable(): CrossTable {
  return [1, 2, 3, 4, 5].map(() => [0, 0, 0, 0, 0]);
}

/** Counts one person in; only whoever gave a level to both items is counted. */
export function addPair(table: CrossTable, row: string, column: string, answers: Answers): void {
  const level = answers[row];
  const other = answers[column];
  if (isLevel(level) && isLevel(other)) addTo(table, level - 1, other - 1, 1);
}

/** Adds the counts of `other` to `table`. */
export function mergeCrossTableInto(table: CrossTable, other: CrossTable): void {
  for (const [row, counts] of other.entries())
    for (const [column, count] of counts.entries()) addTo(table, row, column, count);
}

function addTo(table: CrossTable, row: number, column: number, count: number): void {
  const counts = table[row];
  if (counts) counts[column] = (counts[column] ?? 0) + count;
}
