/** What the driver says when a key is taken, told apart from every other failure in one place. */
import mongoose from 'mongoose';

/** Whether a write failed because a document with the same unique key exists. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === 11000;
}
