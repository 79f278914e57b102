/**
 * What would embarrass once the links are out, looked at before a round opens: errors make opening impossible,
 * warnings are decided upon knowingly. Each says where it is mended.
 */
import { isByInvitation, type Round } from '../../models/rounds.js';
import { surveyVersions } from '../../surveys/versions.js';
import type { Context } from '../context.js';
import type { Format } from '../http/format.js';
import { type Check, type CheckList, check, draftMend, listOf } from './checkList.js';
import { clashesOf } from './clashes.js';
import { dayChecks } from './dayChecks.js';
import { quotaChecks } from './quotaChecks.js';
import { openingOf, problemsOf } from './rounds.js';
import { languageChecks, surveyChecks } from './surveyChecks.js';
import { overlapChecks, unitChecks } from './unitChecks.js';

/**
 * Everything looked at before a draft opens, as it is today.
 * @param format of the page, for the days and numbers in the sentences
 */
export async function openingChecks(context: Context, drafted: Round, format: Format): Promise<CheckList> {
  const opening = await openingOf(drafted);
  const { round, snapshot, surveys, units } = opening;
  const today = context.today();
  const errors = problemsOf(round, snapshot, units, today).map(({ key, parameters }) =>
    check('error', ABOUT[key] ?? 'units', key, parameters, {
      mend: draftMend(round, FIELD[key] ?? 'surveys'),
    }),
  );
  const clashing = await clashesOf({ round, snapshot });
  const clashes = clashing.map(({ key, parameters }) =>
    check('error', 'overlap', key, parameters, { mend: draftMend(round, 'opens') }),
  );
  const checks = [
    ...dayChecks(round, today, format),
    ...unitChecks(round, snapshot, units, format),
    ...surveyChecks(round, snapshot, surveys, units, context, await surveyVersions(context.surveys)),
    ...languageChecks(round, surveys, context, format),
    ...(await overlapChecks(
      round,
      snapshot,
      clashing.map(({ parameters }) => parameters.label),
      format,
    )),
    ...quotaChecks(round, snapshot, format),
    ...targetChecks(round),
    accessCheck(round),
    addressCheck(context),
    check('note', 'retention', 'rounds.check.retention.kept'),
  ];
  return listOf([...errors, ...clashes, ...checks]);
}

/** What of the draft an error is about, and the field that mends it. */
const ABOUT: Readonly<Record<string, string>> = {
  'rounds.problem.past': 'days',
  'rounds.problem.units-without-survey': 'levels',
};
const FIELD: Readonly<Record<string, string>> = {
  'rounds.problem.past': 'closes',
  'rounds.problem.units-missing': 'desks',
  'rounds.problem.units-ended': 'desks',
};

function targetChecks(round: Round): Check[] {
  return [
    round.targets.length > 0
      ? check('fine', 'targets', 'rounds.check.targets.fine', { count: round.targets.length })
      : check('warning', 'targets', 'rounds.check.targets.none', {}, { mend: draftMend(round, 'target') }),
  ];
}

/** Who can answer: everybody with the link, or who has a code that is made once the round is open. */
function accessCheck(round: Round): Check {
  return isByInvitation(round)
    ? check('note', 'access', 'rounds.check.access.invitation')
    : check('fine', 'access', 'rounds.check.access.link');
}

/** What is printed on posters must lead here from anywhere, and unread by others. */
function addressCheck({ config: { publicUrl } }: Context): Check {
  if (publicUrl === null) return check('warning', 'address', 'rounds.check.address.none');
  if (!publicUrl.startsWith('https:'))
    return check('warning', 'address', 'rounds.check.address.plain', { url: publicUrl });
  return check('fine', 'address', 'rounds.check.address.fine', { url: publicUrl });
}
