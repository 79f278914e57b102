/** The file of rates: one row for each service of each unit, all surveys on it pooled. */
import type { Round } from '../../models/rounds.js';
import { plainInLanguage } from '../http/language.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { UnitRow } from '../results/unitRows.js';
import { type InFile, summaryColumns, type Written, written } from './fileColumns.js';

/** One row for each service of each unit. */
export function ratesCsv(rows: readonly UnitRow[], file: InFile): Written {
  return written(rows, file, [
    ['unit-code', ({ unit }) => unit.code],
    ['unit', ({ unit }) => unit.name],
    ['service-code', ({ service }) => service.code],
    ['service', ({ service }) => plainInLanguage(service.name, file.lang)],
    ...summaryColumns<UnitRow>(({ summary }) => summary, file.lang),
  ]);
}

/** How many rows that are. */
export function ratesCount({ services }: Pick<Round, 'services'>, { counts }: RoundFigures): number {
  const known = new Set(services.map(({ code }) => code));
  let count = 0;
  for (const { offers } of counts.units.values())
    count += new Set(offers.map(({ service }) => service).filter((code) => known.has(code))).size;
  return count;
}
