/** The audit log as CSV, entry by entry. */
import type { AuditEntry } from '../../models/auditEntries.js';
import { dayInVietnam, timeInVietnam } from '../../models/day.js';
import { translator } from '../http/language.js';
import { type CsvCell, csvOf } from '../lists/csvFile.js';
import type { CsvForm } from '../lists/csvForm.js';
import { entryInWords } from './sentences.js';

/**
 * One row for each entry; digest and seal stand beside it, so that a file kept apart can be held against the log.
 * Returns how many rows it has.
 */
export function auditCsv(
  entries: AsyncIterable<AuditEntry>,
  lang: string,
  form: CsvForm,
): AsyncGenerator<string, number> {
  const t = translator(lang);
  const columns: [name: string, cell: (entry: AuditEntry) => CsvCell][] = [
    ['number', ({ number }) => number],
    ['at', ({ at }) => ({ moment: `${dayInVietnam(at)} ${timeInVietnam(at)}` })],
    ['account', ({ account }) => account],
    ['done', (entry) => entryInWords(entry, t).done],
    ['action', ({ action }) => action],
    ['subject', ({ subject }) => subject],
    [
      'details',
      (entry) =>
        entryInWords(entry, t)
          .details.map(([label, value]) => `${label}: ${value}`)
          .join('; '),
    ],
    ['digest', ({ digest }) => digest],
    ['seal', ({ seal }) => seal],
  ];
  const named = columns.map(([name, cell]) => ({ heading: t(`audit.csv.${name}`), cell }));
  return csvOf(oneByOne(entries), named, form, lang);
}

/** As batches of one: the log is read as fast as it is taken, and no faster. */
async function* oneByOne(entries: AsyncIterable<AuditEntry>): AsyncGenerator<AuditEntry[]> {
  for await (const entry of entries) yield [entry];
}
