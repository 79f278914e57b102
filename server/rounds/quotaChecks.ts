/** The quotas of a draft that is to open: that every unit has one, unless it takes responses all year. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Format } from '../http/format.js';
import { type Check, check } from './checkList.js';

/** What is to be known about the quotas; nothing in a continuous round. */
export function quotaChecks(round: Round, snapshot: readonly RoundUnit[], format: Format): Check[] {
  if (round.continuous) return [];
  const mend = { href: `/van-phong/dot/${round._id}/mau`, key: 'sampling.check.mend' };
  const without = snapshot.filter(({ quota }) => quota === null);
  if (without.length === snapshot.length)
    return [check('warning', 'quotas', 'sampling.check.none', {}, { mend })];
  const counts = { count: format.count(without.length) };
  const names = without.map(({ name }) => name);
  if (without.length > 0) return [check('warning', 'quotas', 'sampling.check.some', counts, { mend, names })];
  const quota = snapshot.reduce((sum, unit) => sum + (unit.quota ?? 0), 0);
  const sums = { quota: format.count(quota), count: format.count(snapshot.length) };
  return [check('fine', 'quotas', 'sampling.check.fine', sums)];
}
