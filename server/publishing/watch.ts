/** Who watches a publication being made is told by it how far it has come. */

/** The steps, in order: keys of the texts that name them. */
export const STEPS = [
  'publishing.step.count',
  'publishing.step.figures',
  'publishing.step.data',
  'publishing.step.store',
] as const;

/** Either may throw to end the work where it stands: nothing is published then. */
export interface Watch {
  /** Says that a step begins, and what it counts up to. */
  begin(step: (typeof STEPS)[number], total: number): Promise<void>;
  /** Says how much of the step is done; cheap. */
  reached(done: number): Promise<void>;
}

export const NOBODY: Watch = { begin: async () => {}, reached: async () => {} };
