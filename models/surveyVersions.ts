/** The questionnaires that rounds have pinned, word for word: a file edited later changes no running round. */
import mongoose from 'mongoose';

interface SurveyVersion {
  /** `id@version`. */
  _id: string;
  hash: string;
  /** The survey as its file was, checked when it was read. */
  definition: unknown;
}

const surveyVersions = mongoose.model(
  'SurveyVersion',
  new mongoose.Schema<SurveyVersion>(
    {
      _id: { type: String, required: true },
      hash: { type: String, required: true },
      definition: { type: mongoose.Schema.Types.Mixed, required: true },
    },
    { collection: 'surveyVersions', versionKey: false, minimize: false },
  ),
);

/** Every pinned version; a department has tens of them, ever. */
export function pinnedVersions(): Promise<SurveyVersion[]> {
  return surveyVersions.find().sort({ _id: 1 }).lean<SurveyVersion[]>().exec();
}

/** A pinned version, word for word; null where no round ever pinned it. */
export function surveyVersion(id: string, version: number): Promise<SurveyVersion | null> {
  return surveyVersions.findById(`${id}@${version}`).lean<SurveyVersion>().exec();
}

/** Keeps a version; keeping the same one again changes nothing. */
export async function pinVersion(id: string, version: number, hash: string, definition: unknown) {
  await surveyVersions.updateOne(
    { _id: `${id}@${version}` },
    { $setOnInsert: { hash, definition } },
    { upsert: true },
  );
}
