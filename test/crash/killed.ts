/** The product as the crash tests start it, to be killed, and what a parent sends to it. */
import { projectPath } from '../../server/paths.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { type RunningProduct, startProduct } from '../product.js';

/** Starts it with a secret that is the same after each kill. @param where its data are, and what else is set */
export function startToKill(where: Readonly<Record<string, string>>): Promise<RunningProduct> {
  return startProduct('main', {
    SESSION_SECRET: 'a secret of the crash test, long enough',
    LOG_LEVEL: 'silent',
    ...where,
  });
}

/** A complete form of a preschool's parents with a level that differs from person to person. */
export function filledBy(person: number): URLSearchParams {
  const survey = readSurveys(projectPath('surveys')).get('parents-mam-non');
  if (!survey) throw new Error('no survey');
  const likert = itemsOf(survey).filter((item) => item.kind === 'likert');
  return new URLSearchParams(likert.map((item) => [item.code, String((person % 5) + 1)]));
}
