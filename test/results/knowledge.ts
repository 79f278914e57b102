/**
 * What somebody knows who has every figure that is shown of a round, and all numbers of people and answers besides: for
 * each shown figure the favourable answers behind it, which are a sum over the smallest parts of the round – one item,
 * or overall satisfaction, or expectation, of one survey at one unit – or over groups of people. Written against the
 * public face of the figures, by plain loops over all of them.
 */
import { ownRow, subtreeRow, WHOLE } from '../../server/results/counts.js';
import type { RoundFigures } from '../../server/results/roundFigures.js';
import { Pooled } from '../../server/statistics/pooled.js';

/** A figure: which parts it is the sum of, and how many people stand behind it. */
export interface Told {
  readonly name: string;
  readonly parts: readonly string[];
  readonly people: number;
  readonly shown: boolean;
}

/** Every figure of a round, shown or not, and sums that hold between groups and the whole whatever is shown. */
export function everyFigure(figures: RoundFigures): {
  told: Told[];
  identities: { parts: string[]; less: string[] }[];
} {
  const { counts, columns } = figures;
  const told: Told[] = [];
  const identities: { parts: string[]; less: string[] }[] = [];
  const leaves = [...counts.units.keys()].map(ownRow);
  const within = (row: string) =>
    leaves.filter((leaf) => leaf === row || counts.rowsAbove(leaf).includes(row));
  const itemsOf = (key: string) => {
    const column = columns.find((each) => each.key === key);
    return column ? counts.pooled(WHOLE, [column]).itemCodes : [];
  };
  const all = (rows: readonly string[], keys: readonly string[], only?: (item: string) => boolean) =>
    rows.flatMap((row) =>
      keys
        .filter((key) => counts.offers(row, key))
        .flatMap((key) =>
          itemsOf(key)
            .filter(only ?? (() => true))
            .map((item) => `${row} ${key} ${item}`),
        ),
    );
  const single = (rows: readonly string[], keys: readonly string[], what: string) =>
    rows.flatMap((row) =>
      keys.filter((key) => counts.offers(row, key)).map((key) => `${row} ${key} ${what}`),
    );
  const add = (name: string, parts: string[], people: number, shown: boolean) => {
    // Where nobody is, the figure is shown as empty.
    told.push({ name, parts, people, shown: shown || people === 0 });
  };
  const summary = (
    name: string,
    rows: readonly string[],
    keys: readonly string[],
    pooled: Pooled,
    of: ReturnType<RoundFigures['summary']>,
  ) => {
    add(`${name} total`, all(rows, keys), pooled.people, of.total.rate !== null);
    add(`${name} overall`, single(rows, keys, 'overall'), pooled.answeringOverall, of.overall.rate !== null);
    add(
      `${name} expectation`,
      single(rows, keys, 'expectation'),
      pooled.expectation?.answered ?? 0,
      of.expectation !== null,
    );
  };
  const everyKey = columns.map(({ key }) => key);
  const places = [WHOLE, ...[...counts.units.keys()].flatMap((unit) => [ownRow(unit), subtreeRow(unit)])];
  for (const row of places.filter((each) => counts.has(each))) {
    const rows = within(row);
    summary(row, rows, everyKey, counts.pooled(row), figures.summary(row));
    for (const service of new Set(columns.map((column) => column.service.code))) {
      const same = columns.filter((column) => column.service.code === service);
      const keys = same.map(({ key }) => key);
      summary(`${row} ${service}`, rows, keys, counts.pooled(row, same), figures.ofService(row, service));
    }
    for (const column of counts.columnsOf(row)) {
      const pooled = counts.pooled(row, [column]);
      const name = `${row} ${column.key}`;
      summary(name, rows, [column.key], pooled, figures.summary(row, column));
      for (const { code, rate } of figures.factors(row, column)) {
        const ofFactor = all(rows, [column.key], (item) => item.startsWith(code));
        add(`${name} ${code}`, ofFactor, pooled.factor(code).people, rate !== null);
      }
      for (const { code, rate } of figures.items(row, column))
        add(
          `${name} ${code}`,
          all(rows, [column.key], (item) => item === code),
          pooled.answering(code),
          rate !== null,
        );
    }
    const { parts, leftOut } = figures.pooledFactors(row);
    const used = everyKey.filter((key) => !leftOut.some((column) => column.key === key));
    for (const { code, rate, answered } of parts)
      add(
        `${row} factor ${code}`,
        all(rows, used, (item) => item.startsWith(code)),
        answered ?? 0,
        rate !== null,
      );
  }
  for (const area of new Set([...counts.units.values()].map((unit) => unit.area ?? ''))) {
    const rows = figures.unitsOfArea(area).map(({ unit }) => ownRow(unit));
    summary(`area ${area}`, rows, everyKey, counts.pooledRows(rows), figures.ofArea(area));
    for (const column of columns)
      summary(
        `area ${area} ${column.key}`,
        rows,
        [column.key],
        counts.pooledRows(rows, [column]),
        figures.ofArea(area, column),
      );
  }
  const groups = (kind: string, survey: string | undefined) => {
    const keys = columns
      .filter((column) => survey === undefined || column.survey.id === survey)
      .map(({ key }) => key);
    const rows = figures.ofGroups(kind, survey);
    const codes = [...new Set(rows.flatMap(({ factors }) => factors.map(({ code }) => code)))];
    const part = (value: string, what: string) => `group ${kind} ${survey ?? ''} ${value} ${what}`;
    for (const { value, summary: of, factors } of rows) {
      const pooled = new Pooled(
        figures.groups
          .filter((cell) => cell.group === `${kind}=${value}` && (!survey || cell.survey.id === survey))
          .map(({ tally }) => tally),
      );
      const name = part(value, '');
      add(
        `${name}(total)`,
        codes.map((code) => part(value, code)),
        pooled.people,
        of.total.rate !== null,
      );
      add(`${name}(overall)`, [part(value, 'overall')], pooled.answeringOverall, of.overall.rate !== null);
      const { answered = 0 } = pooled.expectation ?? {};
      add(`${name}(expectation)`, [part(value, 'expectation')], answered, of.expectation !== null);
      for (const { code, rate } of factors)
        add(`${name}(${code})`, [part(value, code)], pooled.peopleOf(code), rate !== null);
    }
    const identity = (what: string, less: string[]) =>
      identities.push({ parts: rows.map(({ value }) => part(value, what)), less });
    for (const code of codes)
      identity(
        code,
        all(leaves, keys, (item) => item.startsWith(code)),
      );
    for (const what of ['overall', 'expectation']) identity(what, single(leaves, keys, what));
  };
  groups('channel', undefined);
  groups('quarter', undefined);
  for (const id of new Set(columns.map(({ survey }) => survey.id))) groups('H01', id);
  return { told, identities };
}

/** People behind one part, such as `unit:S1 parents/thpt overall`. */
export function peopleIn({ counts, columns }: RoundFigures, part: string, subject: string): number {
  const [row = '', key = ''] = part.split(' ');
  const pooled = counts.pooled(
    row,
    columns.filter((column) => column.key === key),
  );
  if (subject === 'overall') return pooled.answeringOverall;
  return subject === 'total' ? pooled.people : (pooled.expectation?.answered ?? 0);
}

const PRIME = 2_147_483_647n;

/** Which of the figures that too few people stand behind somebody can compute from those that are shown. */
export function found({ told, identities }: ReturnType<typeof everyFigure>, minimum: number): string[] {
  const shown = told.filter((each) => each.shown);
  // What is shown by itself drops out of everything else.
  const known = new Set(shown.flatMap(({ parts }) => (parts.length === 1 ? parts : [])));
  const unknown = (parts: readonly string[]) => parts.filter((part) => !known.has(part));
  const rows = shown.map(({ parts }) => vector(unknown(parts)));
  for (const { parts, less } of identities) rows.push(vector(unknown(parts), unknown(less)));
  const basis = reduced(rows);
  return told
    .filter(({ people }) => people > 0 && people < minimum)
    .filter(({ parts }) => reduce(vector(unknown(parts)), basis).size === 0)
    .map(({ name }) => name);
}

function vector(parts: readonly string[], less: readonly string[] = []): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const part of parts) sums.set(part, (sums.get(part) ?? 0n) + 1n);
  for (const part of less) sums.set(part, (sums.get(part) ?? 0n) + PRIME - 1n);
  return sums;
}

/** Echelon form over the whole numbers modulo a large prime: exact, and as good as over the rational numbers. */
function reduced(rows: readonly Map<string, bigint>[]): Map<string, Map<string, bigint>> {
  const basis = new Map<string, Map<string, bigint>>();
  // Short ones first, so that the basis stays thin.
  for (const row of [...rows].sort((one, other) => one.size - other.size)) {
    const rest = reduce(row, basis);
    const [first] = rest;
    if (!first) continue;
    const scale = inverse(first[1]);
    basis.set(first[0], new Map([...rest].map(([part, by]) => [part, (by * scale) % PRIME])));
  }
  return basis;
}

/** What is left of a row after taking off what the basis has, in the order in which it came to be. */
function reduce(row: Map<string, bigint>, basis: ReadonlyMap<string, Map<string, bigint>>) {
  const rest = new Map(row);
  for (const [part, known] of basis) {
    if (rest.size === 0) break;
    const by = rest.get(part);
    if (by === undefined) continue;
    for (const [other, times] of known) {
      const sum = ((rest.get(other) ?? 0n) + (PRIME - by) * times) % PRIME;
      if (sum === 0n) rest.delete(other);
      else rest.set(other, sum);
    }
  }
  return rest;
}

function inverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let power = PRIME - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}
