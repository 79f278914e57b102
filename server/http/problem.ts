/** The one shape of an error: a status, a code for the log, and a sentence for the person. */
import mongoose from 'mongoose';

/** An answer that refuses. `code` names the texts `problem.<code>.title` and `problem.<code>.text`. */
export class Problem extends Error {
  override name = 'Problem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly parameters: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(`${status} ${code}`, options);
  }
}

/** What any error means to the person who made the request. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseDown(error)) return new Problem(503, 'database-down', {}, { cause: error });
  const { status, type } = error as { status?: unknown; type?: unknown };
  const cause = { cause: error };
  if (type === 'parameters.too.many') return new Problem(400, 'unreadable', {}, { cause: error });
  if (status === 413) return new Problem(413, 'too-large', {}, cause);
  if (status === 415 || type === 'charset.unsupported') return new Problem(415, 'wrong-form', {}, cause);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem(status === 404 ? 404 : 400, status === 404 ? 'not-found' : 'unreadable', {}, cause);
  if (error instanceof URIError) return new Problem(400, 'unreadable', {}, cause);
  return new Problem(500, 'internal', {}, cause);
}

/** MongoDB's code for a disk that is full, and the embedded engine's: the same form can be sent once there is room. */
const OUT_OF_DISK_SPACE = 14031;

const LOST_CONNECTION = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ENOTCONN']);

function isDatabaseDown(error: unknown): boolean {
  const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError } =
    mongoose.mongo;
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    (error instanceof mongoose.mongo.MongoServerError &&
      (error.hasErrorLabel('RetryableWriteError') || error.code === OUT_OF_DISK_SPACE)) ||
    // What a connection that ends in the middle of a message throws, before the driver has given it a name.
    LOST_CONNECTION.has((error as NodeJS.ErrnoException).code ?? '') ||
    (error instanceof mongoose.Error && /before initial connection is complete/.test(error.message))
  );
}
