/** Sessions of the office pages; written by the session store, described here for their index. */
import mongoose from 'mongoose';

/** Name of the collection. */
export const SESSIONS = 'sessions';

mongoose.model(
  'Session',
  new mongoose.Schema<{ _id: string; expires: Date; session: string }>(
    {
      _id: { type: String, required: true },
      expires: { type: Date, required: true },
      session: { type: String, required: true },
    },
    { collection: SESSIONS, versionKey: false },
  ).index({ expires: 1 }, { expireAfterSeconds: 0 }),
);
