/** The versions of each questionnaire that a round can ask: the files as they are, and what rounds have pinned. */
import { pinnedVersions } from '../models/surveyVersions.js';
import { pinnedSurvey } from './pinned.js';
import type { SurveyCatalogue } from './read.js';
import type { Survey } from './schema.js';

/** Every version of every survey, those of the files first and in their order; of each survey the newest first. */
export async function surveyVersions(
  files: SurveyCatalogue,
): Promise<ReadonlyMap<string, readonly Survey[]>> {
  const versions = new Map<string, Survey[]>([...files.values()].map((survey) => [survey.id, [survey]]));
  for (const { _id, hash } of await pinnedVersions()) {
    const [id = '', version] = _id.split('@');
    const known = versions.get(id) ?? [];
    if (known.some((survey) => survey.version === Number(version))) continue;
    versions.set(id, [...known, await pinnedSurvey({ id, version: Number(version), hash })]);
  }
  for (const [id, known] of versions)
    versions.set(
      id,
      known.toSorted((a, b) => b.version - a.version),
    );
  return versions;
}

/** One version of a survey, from its file or as a round pinned it; null where there is none. */
export async function surveyVersionOf(
  files: SurveyCatalogue,
  id: string,
  version: number,
): Promise<Survey | null> {
  return (await surveyVersions(files)).get(id)?.find((survey) => survey.version === version) ?? null;
}
