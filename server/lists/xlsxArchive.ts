/**
 * An XLSX file is a ZIP archive of XML files. One from outside may be made to unpack to gigabytes, or to name a cell
 * so far out that a reader fills memory with empty ones. Here its parts are unpacked within bounds and looked
 * through; only an archive that passed is given to the reader.
 */
import { strFromU8, strToU8, type Unzipped, unzipSync, zipSync } from 'fflate';

const MOST_PARTS = 2_000;
/** A sheet of every school of the largest city is about 4 MB of XML. */
const MOST_UNPACKED_BYTES = 48 * 1024 * 1024;
/** Rows times columns up to the last cell that holds anything. */
const MOST_CELLS = 2_000_000;
const MOST_ROWS = 200_000;

/** What the reader needs; pictures, macros and printer settings stay packed. */
const PART =
  /^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/i;
const SHEET = /^xl\/worksheets\//i;

/** Why an archive is refused: no XLSX file, or one that is too large. */
export type ArchiveFault = 'xlsx-broken' | 'xlsx-too-large';

/**
 * The archive with what the reader needs and nothing more, stored without compression. Cells that show an error,
 * such as `#N/A`, are made text: the reader would take them for empty ones.
 */
export function checkedArchive(bytes: Uint8Array): Buffer | ArchiveFault {
  const parts = unpacked(bytes);
  if (typeof parts === 'string') return parts;
  const kept: Unzipped = {};
  for (const [name, content] of Object.entries(parts)) {
    if (!SHEET.test(name)) {
      kept[name] = content;
      continue;
    }
    const xml = strFromU8(content);
    const fault = faultOfSheet(xml);
    if (fault) return fault;
    kept[name] = strToU8(xml.replace(/(<(?:[\w.-]+:)?c\b[^>]*\bt=")e(")/g, '$1str$2'));
  }
  return Buffer.from(zipSync(kept, { level: 0 }));
}

function unpacked(bytes: Uint8Array): Unzipped | ArchiveFault {
  let parts = 0;
  let size = 0;
  try {
    // Unpacking never writes more than the size that is declared, and is refused before it where that is too much.
    const found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        parts += 1;
        if (!PART.test(name)) return false;
        size += originalSize;
        return parts <= MOST_PARTS && size <= MOST_UNPACKED_BYTES;
      },
    });
    if (parts > MOST_PARTS || size > MOST_UNPACKED_BYTES) return 'xlsx-too-large';
    return Object.keys(found).some((name) => SHEET.test(name)) ? found : 'xlsx-broken';
  } catch {
    return 'xlsx-broken';
  }
}

/** Looks for cells and rows that lie too far out. */
function faultOfSheet(xml: string): ArchiveFault | null {
  let rows = 0;
  let columns = 0;
  for (const [, attributes = ''] of xml.matchAll(/<(?:[\w.-]+:)?row\b([^>]*)>/g)) {
    const numbers = [...attributes.matchAll(/(?:^|\s)r\s*=\s*["']([^"']*)["']/g)];
    if (numbers.length > 1 || numbers.some(([, number = '']) => !/^[1-9]\d{0,6}$/.test(number)))
      return 'xlsx-broken';
    if (Number(numbers[0]?.[1] ?? 0) > MOST_ROWS) return 'xlsx-too-large';
  }
  for (const [, attributes = ''] of xml.matchAll(/<(?:[\w.-]+:)?c\b([^>]*)>/g)) {
    const places = [...attributes.matchAll(/(?:^|\s)r\s*=\s*["']([^"']*)["']/g)];
    const [, letters, row] = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(places[0]?.[1] ?? '') ?? [];
    if (places.length !== 1 || letters === undefined) return 'xlsx-broken';
    // A cell that only has a colour holds nothing and is passed over.
    if (attributes.endsWith('/')) continue;
    rows = Math.max(rows, Number(row));
    columns = Math.max(columns, columnNumber(letters));
  }
  return rows > MOST_ROWS || rows * columns > MOST_CELLS ? 'xlsx-too-large' : null;
}

function columnNumber(letters: string): number {
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}

/** Letters of a column of a sheet, A for the first. */
export function columnLetters(number: number): string {
  return number > 26
    ? columnLetters(Math.floor((number - 1) / 26)) + columnLetters(((number - 1) % 26) + 1)
    : String.fromCharCode(64 + number);
}
