/**
 * The job that stores a list of units: checked once more, then as one set of changes, wholly or not at all. The set has
 * the job's own name, so that one that is begun again knows what it has made already and adds nothing.
 */
import { audited } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { changeSet, listChanges, removeListed, type UnitChangeSet } from '../../models/unitChanges.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { type GivenList, storeGivenList } from '../jobs/givenList.js';
import type { JobKind, Progress } from '../jobs/jobs.js';
import type { ReadList } from '../lists/list.js';
import { finishChanges, seenUnits, takeEffect } from './changes.js';
import { countsOf } from './difference.js';
import { unitTerms } from './terms.js';
import { importOf, type Missing, type UnitImport } from './unitImport.js';

type UnitImportInput = GivenList & {
  /** Of the units that were seen when somebody agreed. */
  readonly revision: number;
  /** The last day of units that the list does not name; null where they are kept. */
  readonly until: Day | null;
  /** Of the set of changes. */
  readonly name: string;
};

/** Where a list is given. */
export const IMPORT_PAGE = '/van-phong/don-vi/nhap';

const STEPS = ['units.import.step.check', 'units.import.step.list', 'units.import.step.write'] as const;

export const unitImportJob: JobKind<UnitImportInput> = {
  name: 'unit-import',
  title: 'units.import.job',
  finished: 'units.import.job-done',
  steps: STEPS,
  again: 'units.import.job-again',
  mend: { href: () => IMPORT_PAGE, key: 'units.import.job-look' },
  look: 'units.import.job-see',
  officeOnly: true,
  async run(context, input, progress, account) {
    const { _id, counts } = await storeGivenList(
      input,
      () => madeAlready(input),
      (list) => made(context, list, input, progress, account),
    );
    // From here on it holds, also where nobody goes on with it.
    await finishChanges({
      begin: (total) => progress.begin(STEPS[2], total),
      reached: progress.reached,
    });
    return { href: `/van-phong/don-vi/thay-doi/${_id}`, parameters: { ...counts } };
  },
};

/** What storing a list with some units would change. */
export function unitImportOf(
  context: Context,
  list: ReadList,
  { units }: Pick<Awaited<ReturnType<typeof seenUnits>>, 'units'>,
  until: Day | null,
): UnitImport {
  const missing: Missing = until === null ? { deed: 'keep' } : { deed: 'close', until };
  return importOf(list, units, unitTerms(context), missing);
}

async function madeAlready({ revision, name }: UnitImportInput): Promise<UnitChangeSet | null> {
  const set = await changeSet(revision + 1);
  return set?.name === name ? set : null;
}

async function made(
  context: Context,
  list: ReadList,
  { revision, until, name }: UnitImportInput,
  progress: Progress,
  account: string,
): Promise<UnitChangeSet> {
  await progress.begin(STEPS[0], list.lines.length);
  const seen = await seenUnits();
  const { changes, problems, unchanged } = unitImportOf(context, list, seen, until);
  if (seen.revision !== revision || problems.length > 0) throw new Problem(409, 'units-changed');
  await progress.begin(STEPS[1], changes.length);
  const batch = await listChanges(changes, progress.reached);
  await progress.reached(changes.length).catch(async (error: unknown) => {
    await removeListed(batch);
    throw error;
  });
  return audited(
    {
      account,
      action: 'units-imported',
      subject: 'units',
      details: { ...countsOf(changes), unchanged },
    },
    () => takeEffect(revision, { deed: 'import', account, day: until, name }, changes, batch),
  );
}
