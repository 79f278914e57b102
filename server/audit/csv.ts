/** The audit log as CSV: UTF-8 with a byte order mark, streamed entry by entry. */
import { Readable } from 'node:stream';
import { Transform } from '@json2csv/node';
import type { AuditEntry } from '../../models/auditEntries.js';
import { dayInVietnam, timeInVietnam } from '../../models/day.js';
import type { CsvForm } from '../exports/csv.js';
import { translator } from '../http/language.js';
import { guarded } from '../lists/formula.js';
import { entryInWords } from './sentences.js';

/** One row for each entry; digest and seal stand beside it, so that a file kept apart can be held against the log. */
export function auditCsv(entries: AsyncIterable<AuditEntry>, lang: string, form: CsvForm): Readable {
  const t = translator(lang);

  const columns: [name: string, cell: (entry: AuditEntry) => string | number][] = [
    ['number', ({ number }) => number],
    ['at', ({ at }) => `${dayInVietnam(at)} ${timeInVietnam(at)}`],
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
  const csv = new Transform(
    {
      fields: columns.map(([name, cell]) => ({
        label: guarded(t(`audit.csv.${name}`)),
        value: (entry: AuditEntry) => {
          const value = cell(entry);
          return typeof value === 'string' ? guarded(value) : value;
        },
      })),
      withBOM: true,
      eol: '\r\n',
      delimiter: form === 'vietnamese' ? ';' : ',',
    },
    {},
    { objectMode: true },
  );
  return Readable.from(entries).pipe(csv);
}
