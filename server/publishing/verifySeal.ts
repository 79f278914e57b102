/**
 * `npm run verify-seal -- ROUND [REVISION]`: makes what was published anew from the raw answers and says whether it is
 * the same, and what is not. Exit code 0 where it is, 1 where it is not, 2 where it was asked wrongly. It takes the
 * MONGODB_URI or DATA_DIR of the server, also while that runs, and changes nothing.
 */
import { withModels } from '../database/backupAddress.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { verifySeal } from './verify.js';

const t = translator(DEFAULT_LANGUAGE);
const format = formatOf(DEFAULT_LANGUAGE);

/** Findings of one kind that are named one by one. */
const NAMED = 20;

const [round, revision, ...more] = process.argv.slice(2);
if (!round || more.length > 0 || (revision !== undefined && !/^[1-9]\d{0,3}$/.test(revision))) {
  console.error('Usage: npm run verify-seal -- ROUND [REVISION]');
  process.exitCode = 2;
} else {
  try {
    await withModels(process.env, () => verify(round, revision === undefined ? undefined : Number(revision)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function verify(code: string, wanted: number | undefined): Promise<void> {
  const found = await verifySeal(code, wanted);
  if (!found) throw new Error(t('publishing.verify.unknown', { round: code }));
  const { publication, findings, responses, since, figures, method } = found;
  const { revision: number, seal, day } = publication;
  console.log(t('publishing.verify.of', { round: code, revision: number, day: format.day(day) }));
  console.log(`SHA-256 ${seal}`);
  const kinds = new Set(findings.map(({ what }) => what));
  for (const kind of kinds) {
    const same = findings.filter(({ what }) => what === kind);
    const names = [...new Set(same.map(({ of }) => of))].filter(Boolean);
    const count = same.reduce((sum, each) => sum + each.count, 0);
    const listed = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '');
    console.log(`– ${t(`publishing.verify.${kind}`, { count: format.count(count), names: listed })}`);
  }
  if (!figures && findings.length === 0) console.log(t('publishing.verify.method', { method }));
  if (since > 0 && !kinds.has('added'))
    console.log(t('publishing.verify.since', { count: format.count(since) }));
  const same = findings.length === 0;
  console.log(
    t(same ? 'publishing.verify.same' : 'publishing.verify.differs', { count: format.count(responses) }),
  );
  process.exitCode = same ? 0 : 1;
}
