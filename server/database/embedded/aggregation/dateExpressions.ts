/** Expressions on dates: their parts, their text, and counting with units of time, in any time zone. */
import { Long } from 'bson';
import { CommandError } from '../errors.js';
import { asNumber, type Doc, isDoc, typeName } from '../values.js';
import { momentOf } from './conversions.js';
import { type DateParts, partsOf } from './dateParts.js';
import { dateOfText, fromZone, inZone, isoDate, textOfDate, utc } from './dateText.js';
import { isNil, type Operator, ofOne } from './operands.js';

function dateIn(value: unknown): Date {
  const date = momentOf(value);
  if (!date) throw new CommandError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
  return date;
}

function zoneIn(zone: unknown): string | undefined {
  if (zone === undefined || typeof zone === 'string') return zone;
  throw new CommandError(40517, `timezone must evaluate to a string, found ${typeName(zone)}`);
}

/** An operator of a document of operands; null where one of those named is null or missing. */
function ofFields(needed: string[], compute: (given: Doc) => unknown): Operator {
  return ofOne((given) => {
    if (!isDoc(given)) throw new CommandError(18629, 'the operands must be given in an object');
    return needed.some((name) => isNil(given[name])) || given.timezone === null ? null : compute(given);
  });
}

function partOperator(name: keyof DateParts): [string, Operator] {
  const run = ofOne((value) => {
    const given = isDoc(value) && !('_bsontype' in value) ? value : { date: value };
    if (isNil(given.date) || given.timezone === null) return null;
    const part = partsOf(inZone(dateIn(given.date), zoneIn(given.timezone)))[name];
    return name === '$isoWeekYear' ? Long.fromNumber(part) : part;
  });
  return [name, run];
}

const UNITS: Record<string, number> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const MONTHS: Record<string, number> = { year: 12, quarter: 3, month: 1 };

/** A unit of time as months or as milliseconds. @throws CommandError 9 for an unknown one. */
function unitIn(unit: unknown): { months?: number; ms: number } {
  const [months, ms] = [MONTHS[String(unit)], UNITS[String(unit)]];
  if (months === undefined && ms === undefined)
    throw new CommandError(9, `unknown time unit value: ${String(unit)}`);
  return { ...(months === undefined ? {} : { months }), ms: ms ?? 0 };
}

const isDayOrLonger = (ms: number) => ms >= (UNITS.day ?? 0);

/** The same moment so many units later: the last day of a month where it has no such day. */
function later(date: Date, unit: unknown, amount: number, zone?: string): Date {
  const { months, ms } = unitIn(unit);
  const local = inZone(date, zone);
  if (months === undefined && !isDayOrLonger(ms)) return new Date(date.getTime() + amount * ms);
  if (months === undefined) return fromZone(new Date(local.getTime() + amount * ms), zone);
  const month = local.getUTCMonth() + amount * months;
  const lastDay = utc(local.getUTCFullYear(), month + 1, 0).getUTCDate();
  local.setUTCFullYear(local.getUTCFullYear(), month, Math.min(local.getUTCDate(), lastDay));
  return fromZone(local, zone);
}

function shift(name: string, way: number): Operator {
  return ofFields(['startDate', 'unit', 'amount'], ({ startDate, unit, amount, timezone }) => {
    const count = asNumber(amount);
    if (count === undefined || !Number.isInteger(count))
      throw new CommandError(5166405, `${name} expects integer amount of time units`);
    return later(dateIn(startDate), unit, way * count, zoneIn(timezone));
  });
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The first start of a week in 2000, from which weeks are counted; months are from January 2000, hours from its first. */
function epochOf(startOfWeek: unknown): number {
  const day = WEEKDAYS.indexOf(
    String(startOfWeek ?? 'sunday')
      .toLowerCase()
      .slice(0, 3),
  );
  if (day < 0) throw new CommandError(9, `unknown day of week value: ${String(startOfWeek)}`);
  return Date.UTC(2000, 0, 1 + ((day + 1) % 7));
}

/** How many units have begun from the epoch to a local moment. */
function unitsSince(local: Date, unit: unknown, startOfWeek: unknown): number {
  const { months, ms } = unitIn(unit);
  if (months !== undefined)
    return Math.floor(((local.getUTCFullYear() - 2000) * 12 + local.getUTCMonth()) / months);
  const epoch = unit === 'week' ? epochOf(startOfWeek) : Date.UTC(2000, 0, 1);
  return Math.floor((local.getTime() - epoch) / ms);
}

function truncated({ date, unit, binSize = 1, timezone, startOfWeek }: Doc): Date {
  const zone = zoneIn(timezone);
  const bin = asNumber(binSize) ?? 0;
  if (!Number.isInteger(bin) || bin < 1)
    throw new CommandError(5439018, '$dateTrunc requires a positive binSize');
  const { months, ms } = unitIn(unit);
  const from = inZone(dateIn(date), zone);
  const count = Math.floor(unitsSince(from, unit, startOfWeek) / bin) * bin;
  if (months !== undefined) return fromZone(utc(2000, count * months, 1), zone);
  const epoch = unit === 'week' ? epochOf(startOfWeek) : Date.UTC(2000, 0, 1);
  const local = new Date(epoch + count * ms);
  // within a day the clock's hours are counted as they pass
  return isDayOrLonger(ms) ? fromZone(local, zone) : new Date(Number(date) - (Number(from) - Number(local)));
}

function partsToDate({ timezone, ...parts }: Doc): Date {
  const given = (name: string, otherwise: number) => {
    const number = asNumber(parts[name] ?? otherwise);
    if (number === undefined || !Number.isInteger(number))
      throw new CommandError(40515, `'${name}' must evaluate to an integer, found ${typeName(parts[name])}`);
    return number;
  };
  const day =
    'isoWeekYear' in parts
      ? isoDate(given('isoWeekYear', 1970), given('isoWeek', 1), given('isoDayOfWeek', 1))
      : utc(given('year', 1970), given('month', 1) - 1, given('day', 1));
  day.setUTCHours(given('hour', 0), given('minute', 0), given('second', 0), given('millisecond', 0));
  return fromZone(day, zoneIn(timezone));
}

export const DATE_OPERATORS: Record<string, Operator> = {
  ...Object.fromEntries((Object.keys(partsOf(new Date(0))) as (keyof DateParts)[]).map(partOperator)),
  $dateAdd: shift('$dateAdd', 1),
  $dateSubtract: shift('$dateSubtract', -1),
  $dateDiff: ofFields(
    ['startDate', 'endDate', 'unit'],
    ({ startDate, endDate, unit, timezone, startOfWeek }) => {
      const [start, end] = [startDate, endDate].map((date) =>
        unitsSince(inZone(dateIn(date), zoneIn(timezone)), unit, startOfWeek),
      );
      return Long.fromNumber((end ?? 0) - (start ?? 0));
    },
  ),
  $dateTrunc: ofFields(['date', 'unit'], truncated),
  $dateToString: ofFields([], ({ date, format, timezone, onNull }) => {
    if (isNil(date)) return onNull ?? null;
    const zone = zoneIn(timezone);
    const plain = `%Y-%m-%dT%H:%M:%S.%L${/^(UTC|GMT|Z)?$/.test(zone ?? '') ? 'Z' : ''}`;
    return textOfDate(dateIn(date), typeof format === 'string' ? format : plain, zone);
  }),
  $dateFromString: ofFields([], ({ dateString, format, timezone, onNull, ...given }) => {
    if (isNil(dateString)) return onNull ?? null;
    try {
      if (typeof dateString !== 'string')
        throw new CommandError(241, `$dateFromString requires that 'dateString' be a string`);
      return dateOfText(dateString, zoneIn(timezone), typeof format === 'string' ? format : undefined);
    } catch (error) {
      if ('onError' in given) return given.onError;
      throw error;
    }
  }),
  $dateToParts: ofFields(['date'], ({ date, timezone, iso8601 }) => {
    const parts = partsOf(inZone(dateIn(date), zoneIn(timezone)));
    const { $hour: hour, $minute: minute, $second: second, $millisecond: millisecond } = parts;
    const day =
      iso8601 === true
        ? { isoWeekYear: parts.$isoWeekYear, isoWeek: parts.$isoWeek, isoDayOfWeek: parts.$isoDayOfWeek }
        : { year: parts.$year, month: parts.$month, day: parts.$dayOfMonth };
    return { ...day, hour, minute, second, millisecond };
  }),
  $dateFromParts: ofOne((given) => {
    if (!isDoc(given) || !('year' in given || 'isoWeekYear' in given))
      throw new CommandError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
    return Object.values(given).some(isNil) ? null : partsToDate(given);
  }),
};
