/** What is stored, read past the product. */
import mongoose from 'mongoose';
import type { Response } from '../../models/responses.js';

/** The responses of a round. */
export function storedResponses(round: string): Promise<Response[]> {
  return mongoose.model<Response>('Response').find({ round, channel: 'paper' }).lean<Response[]>().exec();
}
