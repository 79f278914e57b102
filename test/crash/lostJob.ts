import mongoose from 'mongoose';
import { type Job, jobById, latestJobs } from '../../models/jobs.js';

/** The job that a killed server had begun last and not ended, as it is half a minute later; null where there is none. */
export async function lostJob(): Promise<Job | null> {
  const [job] = await latestJobs(null, 1);
  if (job?.state !== 'running') return null;
  await mongoose.connection
    .collection<Job>('jobs')
    .updateOne({ _id: job._id }, { $set: { beat: new Date(Date.now() - 60_000) } });
  return jobById(job._id);
}
