import { type Job, jobById } from '../../models/jobs.js';

/** A job once it has ended, well or not. @throws where it does not within half a minute */
export async function jobEnd(id: string): Promise<Job> {
  for (let tries = 0; tries < 600; tries += 1) {
    const job = await jobById(id);
    if (job && job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`job ${id} has not ended`);
}
