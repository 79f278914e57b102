/** Cross tables of two items: how often each pair of levels was given, 25 counts whatever the number of people. */

/**
 * Counts by level of the item (rows, 1 to 5) and level of overall satisfaction (columns, 1 to 5); only people who gave
 * a level to both are counted.
 */
export type CrossTable = readonly (readonly number[])[];

/** The counts of several tables together. */
export function mergedCrossTable(tables: readonly CrossTable[]): CrossTable {
  return [0, 1, 2, 3, 4].map((row) =>
    [0, 1, 2, 3, 4].map((column) => tables.reduce((sum, table) => sum + (table[row]?.[column] ?? 0), 0)),
  );
}
