/** Dates written in words and read from them, and the hours of time zones. */
import { CommandError } from '../errors.js';
import { type DateParts, partsOf } from './dateParts.js';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far a zone is ahead of UTC at a moment, in milliseconds. @throws CommandError 40485 for an unknown one. */
function offsetOf(zone: string, at: Date): number {
  const fixed = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  if (/^(Z|UTC|GMT)?$/.test(zone)) return 0;
  let formatter = formatters.get(zone);
  try {
    formatter ??= new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${zone}"`);
  }
  formatters.set(zone, formatter);
  return Date.parse(`${formatter.format(at).replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000;
}

/** The moment whose UTC fields are those that the given moment has in a zone. */
export function inZone(date: Date, zone = 'UTC'): Date {
  return new Date(date.getTime() + offsetOf(zone, date));
}

/** The moment that has the given UTC fields in a zone. */
export function fromZone(local: Date, zone = 'UTC'): Date {
  const near = new Date(local.getTime() - offsetOf(zone, local));
  return new Date(local.getTime() - offsetOf(zone, near));
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

const two = (value: number) => String(value).padStart(2, '0');

const WRITTEN: Record<string, (parts: DateParts, offset: number) => string> = {
  Y: ({ $year }) => String($year).padStart(4, '0'),
  G: ({ $isoWeekYear }) => String($isoWeekYear).padStart(4, '0'),
  m: ({ $month }) => two($month),
  d: ({ $dayOfMonth }) => two($dayOfMonth),
  H: ({ $hour }) => two($hour),
  M: ({ $minute }) => two($minute),
  S: ({ $second }) => two($second),
  L: ({ $millisecond }) => String($millisecond).padStart(3, '0'),
  j: ({ $dayOfYear }) => String($dayOfYear).padStart(3, '0'),
  w: ({ $dayOfWeek }) => String($dayOfWeek),
  u: ({ $isoDayOfWeek }) => String($isoDayOfWeek),
  U: ({ $week }) => two($week),
  V: ({ $isoWeek }) => two($isoWeek),
  b: ({ $month }) => MONTHS[$month - 1]?.slice(0, 3) ?? '',
  B: ({ $month }) => MONTHS[$month - 1] ?? '',
  z: (_, offset) =>
    `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`,
  Z: (_, offset) => String(offset),
  '%': () => '%',
};

/** A moment in the words of a format, in a zone. @throws CommandError 18536 for an unknown specifier. */
export function textOfDate(date: Date, format: string, zone?: string): string {
  const local = inZone(date, zone);
  const parts = partsOf(local);
  return format.replace(/%(.?)/gs, (_, letter: string) => {
    const write = Object.hasOwn(WRITTEN, letter) ? WRITTEN[letter] : undefined;
    if (!write) throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    return write(parts, (local.getTime() - date.getTime()) / 60_000);
  });
}

const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

function unreadable(text: string, why = 'no date can be read'): CommandError {
  return new CommandError(241, `Error parsing date string '${text}'; ${why}`);
}

/** The moment that a text names, by a format where one is given. @throws CommandError 241. */
export function dateOfText(text: string, zone?: string, format?: string): Date {
  if (format !== undefined) return byFormat(text, format, zone);
  const found = ISO.exec(text);
  if (!found) {
    const other = Date.parse(`${text} UTC`);
    if (Number.isNaN(other)) throw unreadable(text);
    return fromZone(new Date(other), zone);
  }
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', ownZone] = found;
  if (ownZone && zone) throw unreadable(text, 'a date with a time zone together with a timezone argument');
  const local = utc(Number(year), Number(month) - 1, Number(day), [hour, minute, second].map(Number));
  if (local.getUTCMonth() !== Number(month) - 1) throw unreadable(text);
  local.setUTCMilliseconds(Number(fraction.padEnd(3, '0').slice(0, 3)));
  return fromZone(local, ownZone?.toUpperCase() ?? zone);
}

/** A moment from its UTC fields, which may lie outside their usual ranges. */
export function utc(
  year: number,
  month: number,
  day: number,
  [hour = 0, minute = 0, second = 0, ms = 0]: number[] = [],
): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, ms);
  return date;
}

/** The Monday of a week as ISO 8601 counts them, moved by so many days. */
export function isoDate(year: number, week: number, day: number): Date {
  const fourth = utc(year, 0, 4);
  return utc(year, 0, 4 - ((fourth.getUTCDay() + 6) % 7) + (week - 1) * 7 + (day - 1));
}

const READ: Record<string, string> = {
  ...{
    Y: '\\d{4}',
    G: '\\d{4}',
    m: '\\d\\d?',
    d: '\\d\\d?',
    H: '\\d\\d?',
    M: '\\d\\d?',
    S: '\\d\\d?',
    L: '\\d{1,3}',
  },
  ...{ j: '\\d{1,3}', u: '[1-7]', V: '\\d\\d?', z: '[+-]\\d\\d:?\\d\\d|Z', Z: '[+-]?\\d+' },
  ...{ b: '[A-Za-z]{3}', B: '[A-Za-z]+' },
};

function byFormat(text: string, format: string, zone?: string): Date {
  const names: string[] = [];
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/gs, (all, letter?: string) => {
    if (letter === undefined) return `\\${all}`;
    if (letter === '%') return '%';
    if (!READ[letter])
      throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    names.push(letter);
    return `(${READ[letter]})`;
  });
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) throw unreadable(text, `it does not fit the format '${format}'`);
  const parts: Record<string, string> = Object.fromEntries(
    names.map((name, at) => [name, found[at + 1] ?? '']),
  );
  const given = (name: string, otherwise: number) =>
    parts[name] === undefined ? otherwise : Number(parts[name]);
  const named = (parts.b ?? parts.B)?.toLowerCase();
  const month = named ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(named)) : given('m', 1) - 1;
  const day =
    parts.G === undefined
      ? utc(given('Y', 1970), parts.j === undefined ? month : 0, given('j', given('d', 1)))
      : isoDate(given('G', 1970), given('V', 1), given('u', 1));
  if (parts.G === undefined && parts.j === undefined && (month < 0 || day.getUTCMonth() !== month))
    throw unreadable(text);
  day.setUTCHours(given('H', 0), given('M', 0), given('S', 0), given('L', 0));
  if (parts.Z !== undefined) return new Date(day.getTime() - given('Z', 0) * 60_000);
  return fromZone(day, parts.z ?? zone);
}
