/** What storing a list of units would change, and what speaks against it. Pure; nothing is stored here. */
import type { Day } from '../../models/day.js';
import type { UnitChange } from '../../models/unitChanges.js';
import { likelyKind } from '../../models/unitKinds.js';
import { type Unit, unusedLinkCode } from '../../models/units.js';
import type { ListProblem, ReadList } from '../lists/list.js';
import { asInFile } from '../lists/listTable.js';
import { changesBetween } from './difference.js';
import { withSuccessors } from './successors.js';
import { closedParents, unitsInCircles, unitsTooDeep } from './treeChecks.js';
import { type ListedUnit, type ListedUnits, problemKey, readUnitList, type UnitTerms } from './unitList.js';

/** What to do with units that are not in the list: leave them, or close them with a last day. */
export type Missing = { readonly deed: 'keep' } | { readonly deed: 'close'; readonly until: Day };

/** A list compared with the units there are. Nothing may be stored while there are problems. */
export interface UnitImport {
  readonly problems: readonly ListProblem[];
  readonly changes: readonly UnitChange[];
  /** How many units of the list stay as they are. */
  readonly unchanged: number;
  /** Units that the list does not name, though nothing says that they end. */
  readonly missing: readonly Unit[];
}

/**
 * Compares a list with the units there are.
 * @param known the units there are
 */
export function importOf(
  list: ReadList,
  known: readonly Unit[],
  terms: UnitTerms,
  missing: Missing = { deed: 'keep' },
): UnitImport {
  const { rows, headings, problems } = readUnitList(list, terms);
  if (rows.length === 0) return { problems, changes: [], unchanged: 0, missing: [] };
  const listed = new Set(rows.map(({ unit }) => unit._id));
  const left = known.filter(({ _id, until }) => !listed.has(_id) && until === null);
  const after = resultOf(rows, known, left, missing);
  const found = problems.concat(
    codeProblems(rows, known),
    linkProblems(rows, known),
    treeProblems(rows, after),
    missing.deed === 'close'
      ? left
          .filter(({ since }) => since !== null && missing.until < since)
          .map(({ _id }) => problemAt(1, null, 'close-before-since', { unit: _id }))
      : [],
  );
  const changes = found.length > 0 ? [] : changesBetween(known, withLinkCodes(after));
  const touched = new Set(changes.map((change) => (change.after ?? change.before)?._id));
  return {
    problems: asInFile(found, { headings }).sort((one, other) => one.line - other.line),
    changes,
    unchanged: rows.filter(({ unit }) => !touched.has(unit._id)).length,
    missing: left,
  };
}

/** The units as they would be. Where a code is twice in the list, the last line counts; it is a problem anyway. */
function resultOf(
  rows: ListedUnits['rows'],
  known: readonly Unit[],
  left: readonly Unit[],
  missing: Missing,
): Unit[] {
  const before = new Map(known.map((unit) => [unit._id, unit]));
  const after = new Map(before);
  for (const { unit } of rows) after.set(unit._id, unitFrom(unit, before.get(unit._id)));
  if (missing.deed === 'close')
    for (const unit of left) after.set(unit._id, { ...unit, until: missing.until });
  return withSuccessors(known, [...after.values()]);
}

/** New units get link codes that nobody has. */
function withLinkCodes(units: readonly Unit[]): Unit[] {
  const taken = new Set(units.map(({ linkCode }) => linkCode));
  return units.map((unit) => (unit.linkCode === '' ? { ...unit, linkCode: unusedLinkCode(taken) } : unit));
}

/** A listed unit with what its list leaves out: as it was, or as that of a new unit, which has no link code yet. */
function unitFrom(listed: ListedUnit, before: Unit | undefined): Unit {
  return {
    _id: listed._id,
    name: listed.name,
    levels: sameSet(listed.levels, before?.levels),
    parent: listed.parent,
    enrolment: listed.enrolment === undefined ? (before?.enrolment ?? null) : listed.enrolment,
    area: listed.area === undefined ? (before?.area ?? null) : listed.area,
    kind: listed.kind ?? before?.kind ?? likelyKind(listed),
    since: listed.since === undefined ? (before?.since ?? null) : listed.since,
    until: listed.until === undefined ? (before?.until ?? null) : listed.until,
    predecessors: sameSet(listed.predecessors ?? before?.predecessors ?? [], before?.predecessors),
    successors: before?.successors ?? [],
    services: sameSet(listed.services ?? before?.services ?? [], before?.services),
    linkCode: before?.linkCode ?? listed.linkCode ?? '',
  };
}

/** Codes in another order are the same. */
function sameSet(codes: string[], before: string[] | undefined): string[] {
  return before && before.length === codes.length && codes.every((code) => before.includes(code))
    ? before
    : codes;
}

function problemAt(
  line: number,
  column: string | null,
  name: string,
  parameters: ListProblem['parameters'] = {},
): ListProblem {
  return { line, column, key: problemKey(name), parameters };
}

/** Codes used twice, and codes that are equal but for capitals, which nobody means. */
function codeProblems(rows: ListedUnits['rows'], known: readonly Unit[]): ListProblem[] {
  const problems: ListProblem[] = [];
  const knownCodes = new Set(known.map(({ _id }) => _id));
  const spelling = new Map(known.map(({ _id }) => [_id.toLowerCase(), _id]));
  const lineOf = new Map<string, number>();
  for (const { line, unit } of rows) {
    const code = unit._id;
    if (code === '') continue;
    const earlier = lineOf.get(code);
    const other = spelling.get(code.toLowerCase());
    if (earlier !== undefined) problems.push(problemAt(line, 'code', 'code-twice', { code, earlier }));
    else if (other !== undefined && other !== code && !knownCodes.has(code))
      problems.push(problemAt(line, 'code', 'code-case', { code, other }));
    if (earlier === undefined) lineOf.set(code, line);
    if (other === undefined) spelling.set(code.toLowerCase(), code);
  }
  return problems;
}

/** Links that another unit has, and links other than the one that a unit has for life. */
function linkProblems(rows: ListedUnits['rows'], known: readonly Unit[]): ListProblem[] {
  const problems: ListProblem[] = [];
  const linkOf = new Map(known.map(({ _id, linkCode }) => [_id, linkCode]));
  const ownerOf = new Map(known.map(({ _id, linkCode }) => [linkCode, _id]));
  for (const { line, unit } of rows) {
    const { linkCode: link, _id } = unit;
    if (link === undefined) continue;
    const own = linkOf.get(_id);
    const owner = ownerOf.get(link);
    if (own !== undefined && own !== link)
      problems.push(problemAt(line, 'link', 'link-other', { link, own }));
    else if (owner !== undefined && owner !== _id)
      problems.push(problemAt(line, 'link', 'link-taken', { link, unit: owner }));
    ownerOf.set(link, owner ?? _id);
  }
  return problems;
}

/** Parents that do not exist or are closed, circles, and predecessors that do not exist. */
function treeProblems(rows: ListedUnits['rows'], after: readonly Unit[]): ListProblem[] {
  const problems: ListProblem[] = [];
  const byCode = new Map(after.map((unit) => [unit._id, unit]));
  const spelling = new Map(after.map(({ _id }) => [_id.toLowerCase(), _id]));
  const circling = unitsInCircles(after);
  const closed = closedParents(after);
  const deep = unitsTooDeep(after);
  for (const { line, unit } of rows) {
    const { _id, parent, predecessors = [] } = unit;
    if (parent !== null) {
      const other = spelling.get(parent.toLowerCase());
      const until = closed.get(_id);
      if (!byCode.has(parent))
        problems.push(
          other === undefined
            ? problemAt(line, 'parent', 'parent-unknown', { parent })
            : problemAt(line, 'parent', 'code-case', { code: parent, other }),
        );
      else if (circling.has(_id)) problems.push(problemAt(line, 'parent', 'parent-circle', { parent }));
      else if (deep.has(_id)) problems.push(problemAt(line, 'parent', 'parent-deep', { parent }));
      else if (until !== undefined)
        problems.push(
          problemAt(line, 'parent', 'parent-closed', { parent, day: until.split('-').reverse().join('/') }),
        );
    }
    for (const code of predecessors) {
      if (code === _id) problems.push(problemAt(line, 'predecessors', 'predecessor-self'));
      else if (!byCode.has(code))
        problems.push(problemAt(line, 'predecessors', 'predecessor-unknown', { code }));
    }
  }
  return problems;
}
