/** The surveys as rounds pinned them: read once, kept, never changed by a later edit of a file. */
import { pinnedVersions, pinVersion, surveyVersion } from '../models/surveyVersions.js';
import { type SurveyCatalogue, SurveyFileError, surveyHash } from './read.js';
import { type Survey, surveySchema } from './schema.js';

const known = new Map<string, Survey>();

/**
 * The survey of a round, word for word as it was pinned.
 * @throws {Error} where that version was never pinned
 */
export async function pinnedSurvey(pinned: { id: string; version: number; hash: string }): Promise<Survey> {
  const survey = known.get(pinned.hash);
  if (survey) return survey;
  const stored = await surveyVersion(pinned.id, pinned.version);
  if (!stored) throw new Error(`survey ${pinned.id} version ${pinned.version} is not stored`);
  const definition = surveySchema.parse(stored.definition);
  known.set(pinned.hash, definition);
  return definition;
}

/** Keeps a survey as it is now, for a round. */
export async function pinSurvey(survey: Survey): Promise<{ id: string; version: number; hash: string }> {
  const hash = surveyHash(survey);
  await pinVersion(survey.id, survey.version, hash, survey);
  return { id: survey.id, version: survey.version, hash };
}

/**
 * Refuses survey files that were edited after a round had pinned their version.
 * @throws {SurveyFileError} naming each such file and what to do
 */
export async function refuseEditedVersions(surveys: SurveyCatalogue): Promise<void> {
  const mistakes: string[] = [];
  for (const { _id, hash } of await pinnedVersions()) {
    const [id = '', version] = _id.split('@');
    const survey = surveys.get(id);
    if (survey && survey.version === Number(version) && surveyHash(survey) !== hash)
      mistakes.push(
        `${id}.json: version: ${version} is already used by a round with other content; raise the version number`,
      );
  }
  if (mistakes.length > 0) throw new SurveyFileError(mistakes.join('\n'));
}
