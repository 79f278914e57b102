/** A file of answers that were typed elsewhere: one line for each sheet, a column for each question. Pure. */
import { createHash } from 'node:crypto';
import type { Entry } from '../../models/paperSheets.js';
import { itemsOf } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import type { ListProblem, ReadList } from '../lists/list.js';
import { type TableLine, tableOf } from '../lists/listTable.js';
import type { AnswerProblem } from '../respond/answers.js';
import { SERVICE_FIELD } from './comparing.js';
import type { BatchPlace } from './place.js';
import { NUMBER_FIELD, readEntry, readNumber } from './readEntry.js';
import { acceptedTexts } from './typed.js';

/** Most sheets of a file. */
export const MOST_ROWS = 5000;

/** A line whose first cell begins so explains the columns and is no sheet. */
const NOTE = '#';

/** A sheet as a line says it. */
interface SheetRow {
  readonly line: number;
  readonly number: number;
  readonly entry: Entry;
}

export interface SheetFile {
  readonly rows: readonly SheetRow[];
  /** Questions of all sheets that were left blank although online everybody is to answer them. */
  readonly blanks: number;
  readonly problems: readonly ListProblem[];
  /** SHA-256 (hex) of the lines, the same for CSV and XLSX. */
  readonly hash: string;
}

/** The columns of a file for a batch, in the order of the template. */
export function columnsOf({ batch, survey }: BatchPlace): string[] {
  const service = batch.service === null ? [SERVICE_FIELD] : [];
  return [NUMBER_FIELD, ...service, ...itemsOf(survey).map(({ code }) => code)];
}

/** Reads the lines of a file. Where there are problems, nothing of it may be stored. */
export function readSheetFile(place: BatchPlace, list: ReadList, lang: string): SheetFile {
  const { batch, survey } = place;
  const hash = hashOf(list);
  const required = itemsOf(survey).filter((item) => item.required && !item.showIf);
  const needed = [
    ...(batch.numbering === 'printed' ? [NUMBER_FIELD] : []),
    ...(batch.service === null ? [SERVICE_FIELD] : []),
    ...required.map(({ code }) => code),
  ];
  const names = new Map(columnsOf(place).map((column) => [column.toLowerCase(), column]));
  const table = tableOf(list, {
    required: needed.map((column) => column.toLowerCase()),
    optional: [...names.keys()],
  });
  const refused = (problems: readonly ListProblem[]): SheetFile => ({ rows: [], blanks: 0, problems, hash });
  if (table.problems.length > 0) return refused(table.problems);
  const lines = table.lines.filter((line) => !line.cell(NUMBER_FIELD).startsWith(NOTE));
  if (lines.length === 0) return refused([at(1, null, 'paper.import.problem.empty')]);
  if (lines.length > MOST_ROWS)
    return refused([at(1, null, 'paper.import.problem.too-many', { most: MOST_ROWS })]);
  // Photocopies that nobody numbered are numbered as the file lists them.
  const numbered = batch.numbering === 'printed' || lines.some((line) => line.cell(NUMBER_FIELD) !== '');
  const problems: ListProblem[] = [];
  const seen = new Map<number, number>();
  const rows: SheetRow[] = [];
  lines.forEach((line, index) => {
    const wrong = ({ item, key, parameters }: AnswerProblem) =>
      problems.push(at(line.line, item, key, parameters));
    const read = numbered ? readNumber(place, line.cell(NUMBER_FIELD), lang) : { number: index + 1 };
    const { entry, problems: mistakes } = readEntry(place, typedOfLine(place, line), 'any');
    for (const mistake of mistakes) wrong(mistake);
    if ('problem' in read) wrong(read.problem);
    else if (seen.has(read.number))
      wrong({
        item: NUMBER_FIELD,
        key: 'paper.import.problem.twice',
        parameters: { line: seen.get(read.number) ?? 0 },
      });
    else {
      seen.set(read.number, line.line);
      rows.push({ line: line.line, number: read.number, entry });
    }
  });
  if (problems.length > 0) return refused(problems);
  const blanks = rows.reduce(
    (sum, { entry }) => sum + required.filter(({ code }) => entry.answers[code] === undefined).length,
    0,
  );
  return { rows, blanks, problems: [], hash };
}

/** The same for the same cells, whatever kind of file they are in: a sheet has no empty cells at the end of a row. */
function hashOf({ lines }: ReadList): string {
  const rows = lines.map(({ cells }) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1));
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** The cells of a line as they would be typed. */
function typedOfLine(
  { batch, survey, services, round }: BatchPlace,
  line: TableLine,
): Record<string, string> {
  const typed = Object.fromEntries(
    itemsOf(survey).map((item) => [item.code, typedForCell(item, line.cell(item.code.toLowerCase()))]),
  );
  if (batch.service !== null) return typed;
  const said = line.cell(SERVICE_FIELD);
  const place = services.findIndex(
    (code) =>
      code === said ||
      Object.values(round.services.find((one) => one.code === code)?.name ?? {}).some((name) =>
        isSame(name, said),
      ),
  );
  return { ...typed, [SERVICE_FIELD]: place < 0 ? said : String(place + 1) };
}

/** A cell as it would be typed: numbers as they are, the words of an answer as its number. */
function typedForCell(item: Item, cell: string): string {
  if (item.kind === 'text' || item.kind === 'percentage' || cell === '') return cell;
  if ((acceptedTexts(item) ?? []).includes(cell)) return cell;
  const words = wordsOf(item);
  const numberOf = (text: string) =>
    words.find(({ labels }) => labels.some((one) => isSame(one, text)))?.number;
  const whole = numberOf(cell);
  if (whole !== undefined || item.kind !== 'multiple') return whole ?? cell;
  const parts = cell.split(/[;|\n]/).map((part) => numberOf(part) ?? part.trim());
  return parts.join(',');
}

/** What an answer is called, in every language, by the number that is typed for it. */
function wordsOf(item: Item): { number: string; labels: readonly string[] }[] {
  if ('options' in item)
    return item.options.map(({ code, text }, index) => ({
      number: String(index + 1),
      labels: [code, ...Object.values(text)],
    }));
  const languages = [DEFAULT_LANGUAGE, 'en'].map(translator);
  return ['none', '1', '2', '3', '4', '5'].map((level) => ({
    number: level === 'none' ? '0' : level,
    labels: languages.map((t) => t(`likert.${level}`)),
  }));
}

function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.normalize('NFC').trim().toLocaleLowerCase('vi');
  return plain(one) === plain(other);
}

function at(
  line: number,
  column: string | null,
  key: string,
  parameters: ListProblem['parameters'] = {},
): ListProblem {
  return { line, column, key, parameters };
}

/** The template of a batch: the columns, then for each what is asked and what can be written. */
export function templateOf(
  place: BatchPlace,
  words: { question: string; serial: string; service: string; blank: string },
): { columns: string[]; rows: string[][] } {
  const { survey } = place;
  const items = new Map(itemsOf(survey).map((item) => [item.code, item]));
  const columns = columnsOf(place);
  const textOf = (column: string) => items.get(column)?.text[DEFAULT_LANGUAGE] ?? words.service;
  return {
    columns,
    rows: [
      columns.map((column) => (column === NUMBER_FIELD ? `${NOTE} ${words.question}` : textOf(column))),
      columns.map((column) =>
        column === NUMBER_FIELD ? `${NOTE} ${words.serial}` : valuesOf(place, items.get(column), words.blank),
      ),
    ],
  };
}

/** What can be written into a column, in words. */
function valuesOf({ services, round }: BatchPlace, item: Item | undefined, blank: string): string {
  if (!item)
    return services
      .map(
        (code, index) => `${index + 1} = ${round.services.find((one) => one.code === code)?.name.vi ?? code}`,
      )
      .join('; ');
  if (item.kind === 'text') return blank;
  if (item.kind === 'percentage') return `${acceptedTexts(item)?.join(', ')}; ${blank}`;
  const words = wordsOf(item).filter(({ number }) => acceptedTexts(item)?.includes(number));
  const named = words.map(({ number, labels }) => `${number} = ${labelIn(item, labels)}`);
  return `${named.join('; ')}; ${blank}`;
}

function labelIn(item: Item, labels: readonly string[]): string {
  // Of an option the code comes first, then its words.
  return ('options' in item ? labels[1] : labels[0]) ?? '';
}

/** A survey's name for a file. */
export function templateName(survey: Survey): string {
  return `phieu-giay-${survey.id}`;
}
