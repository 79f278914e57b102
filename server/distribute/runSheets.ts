/** The sheets of a print run: posters or letters with an index, a place in it for each unit; or paper forms. */
import { createHash } from 'node:crypto';
import { type PaperPrint, printsOfRun } from '../../models/paperPrints.js';
import type { Paper } from '../../models/printRuns.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { existingRound } from '../http/existingRound.js';
import { Problem } from '../http/problem.js';
import { handedOut } from './handedOut.js';
import { formSheets } from './paperRoutes.js';
import { sheetLocals } from './printRoutes.js';
import { type Group, groupsOf } from './scope.js';
import type { DrawingLocals, Sheet } from './sheets.js';

/** Papers of which each unit gets one. */
export type UnitPaper = Exclude<Paper, 'forms'>;

const VIEWS: Readonly<Record<UnitPaper, string>> = { posters: 'poster-sheet', letters: 'letter-sheet' };

/** An index, then a sheet for each unit with its place in the index. */
export async function* unitSheets(
  round: Round,
  groups: readonly Group[],
  paper: UnitPaper,
  base: string,
): AsyncGenerator<Sheet> {
  let place = 0;
  const numberedGroups = groups.map((group) => ({
    ...group,
    units: group.units.map((unit) => {
      place += 1;
      return { ...unit, place };
    }),
  }));
  yield { view: 'run-index', locals: { round, groups: numberedGroups } };
  const all = place;
  for (const { units } of numberedGroups)
    for (const unit of units) {
      const part = await handedOut(round, unit, base);
      yield { view: VIEWS[paper], locals: { ...sheetLocals, part, place: `${unit.place}/${all}` } };
    }
}

/** The paper forms that were numbered together in a round; none where nothing was. */
export async function printsIn(round: Round, run: string): Promise<PaperPrint[]> {
  return (await printsOfRun(run)).filter((print) => print.round === round._id);
}

/** Paper forms that were numbered together, unit by unit. */
export async function* runForms(
  locals: DrawingLocals,
  round: Round,
  prints: readonly PaperPrint[],
  base: string,
): AsyncGenerator<Sheet> {
  const units = new Map(unitsOf(await groupsOf(round._id)).map((unit) => [unit.unit, unit]));
  for (const print of prints) {
    const unit = units.get(print.unit);
    if (unit) yield* formSheets(locals, await handedOut(round, unit, base), print);
  }
}

/** The units of groups, one after the other. */
export function unitsOf(groups: readonly Group[]): RoundUnit[] {
  return groups.flatMap(({ units }) => units);
}

/** A round that can be printed. @throws {Problem} 404 `no-such-round`, or `not-found` where it is a draft without units */
export async function printableRound(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (round.state === 'draft') throw new Problem(404, 'not-found');
  return round;
}

/** Stands for what is printed on every sheet of a round beside its unit: where it differs, a run is out of date. */
export function stampOf({ config, emblem }: Context, round: Round, base: string): string {
  const { label, opens, closes, surveys } = round;
  const printed = [
    ...[label, opens, closes, surveys.map(({ id, version }) => `${id} ${version}`)],
    ...[config.departmentName, emblem?.address ?? null, base],
  ];
  return createHash('sha256').update(JSON.stringify(printed)).digest('base64url').slice(0, 22);
}
