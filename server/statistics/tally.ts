/**
 * Tallies: how often each level was given to each item. Every published figure is computed from these counts
 * and from nothing else, so a figure can always be checked by counting again.
 */

/** Stored for "Không có ý kiến": counted apart, never in a denominator. */
export const NO_OPINION = 0;

/** Which items of a survey are counted, and how they are reported together. */
export interface Measure {
  /** Factors in order, each with the codes of its Likert items. */
  readonly factors: readonly { readonly code: string; readonly items: readonly string[] }[];
  /** Code of the Likert item that asks for overall satisfaction. */
  readonly overall: string;
  /** Code of the percentage item that asks how far expectations were met. */
  readonly expectation: string;
}

/** How often each answer was given to one Likert item. */
export interface LevelCounts {
  /** Counts of levels 1 to 5, in that order. */
  readonly levels: [number, number, number, number, number];
  noOpinion: number;
  blank: number;
}

/** Counts over a group of responses to one survey. */
export interface Tally {
  /** People: responses counted. */
  responses: number;
  readonly items: Map<string, LevelCounts>;
  /** Expectation met: sum of the percentages given (0–100 each) and how many gave one. */
  readonly expectation: { sum: number; answered: number };
  /** Responses by quality flag; one with two flags is counted under both. */
  readonly flags: Map<string, number>;
}

/** Answers of one response by item code, as stored. */
export type Answers = Readonly<Record<string, unknown>>;

/** A tally of nobody, with a count of zero for every item that is measured. */
export function emptyTally(measure: Measure): Tally {
  const codes = [...measure.factors.flatMap((factor) => factor.items), measure.overall];
  return {
    responses: 0,
    items: new Map(codes.map((code) => [code, { levels: [0, 0, 0, 0, 0], noOpinion: 0, blank: 0 }])),
    expectation: { sum: 0, answered: 0 },
    flags: new Map(),
  };
}

/** Counts one response into a tally. @param flags its quality flags, each once; they change no other count */
export function addResponse(
  tally: Tally,
  measure: Measure,
  answers: Answers,
  flags: readonly string[] = [],
): void {
  tally.responses += 1;
  for (const [code, counts] of tally.items) {
    const answer = answers[code];
    if (isLevel(answer)) counts.levels[answer - 1] = (counts.levels[answer - 1] ?? 0) + 1;
    else if (answer === NO_OPINION) counts.noOpinion += 1;
    else counts.blank += 1;
  }
  const expectation = answers[measure.expectation];
  if (typeof expectation === 'number') {
    tally.expectation.sum += expectation;
    tally.expectation.answered += 1;
  }
  for (const flag of flags) count(tally, flag, 1);
}

/** Adds the counts of `other` to `tally`; both must count the same survey. */
export function mergeInto(tally: Tally, other: Tally): void {
  tally.responses += other.responses;
  for (const [code, counts] of tally.items) {
    const more = other.items.get(code);
    if (!more) throw new RangeError(`tallies of different surveys: no item ${code}`);
    for (const level of [0, 1, 2, 3, 4] as const) counts.levels[level] += more.levels[level];
    counts.noOpinion += more.noOpinion;
    counts.blank += more.blank;
  }
  tally.expectation.sum += other.expectation.sum;
  tally.expectation.answered += other.expectation.answered;
  for (const [flag, responses] of other.flags) count(tally, flag, responses);
}

function count({ flags }: Tally, flag: string, responses: number): void {
  flags.set(flag, (flags.get(flag) ?? 0) + responses);
}

/** Whether an answer as stored is one of the five levels. */
export function isLevel(answer: unknown): answer is 1 | 2 | 3 | 4 | 5 {
  return typeof answer === 'number' && Number.isInteger(answer) && answer >= 1 && answer <= 5;
}
