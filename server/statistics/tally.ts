/**
 * Tallies: how often each answer was given, and what people answered together. Every published figure is computed from
 * these counts and from nothing else, so a figure can always be checked by counting again. A tally is one row of whole
 * numbers in an order fixed by the measure (tallyLayout.ts): adding two is adding number by number.
 */
import type { AnswersByPerson } from './answersByPerson.js';
import type { CrossTable } from './crossTable.js';
import type { RespondentCounts } from './respondents.js';
import { type ItemPlace, layoutOf, PLACES, type SumsPlace } from './tallyLayout.js';

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
  /** Quality flags a response may carry, in order. */
  readonly flags: readonly string[];
}

/** How often each answer was given to one Likert item, or to several together. */
export interface LevelCounts {
  /** Counts of levels 1 to 5, in that order. */
  readonly levels: readonly [number, number, number, number, number];
  readonly noOpinion: number;
  readonly blank: number;
}

/** Answers of one response by item code, as stored. */
export type Answers = Readonly<Record<string, unknown>>;

/** Counts over a group of responses to one survey. */
export class Tally {
  /** Every count, in the order of the layout. */
  readonly counts: Float64Array;

  /** @throws {RangeError} where the counts are not of this measure */
  constructor(
    readonly measure: Measure,
    counts?: Float64Array,
  ) {
    const { length } = layoutOf(measure);
    if (counts && counts.length !== length)
      throw new RangeError(`${counts.length} counts are no tally of this survey, which has ${length}`);
    this.counts = counts ?? new Float64Array(length);
  }

  /** People: responses counted. */
  get responses(): number {
    return this.at(PLACES.responses);
  }

  /** Expectation met: sum of the percentages given (0–100 each) and how many gave one. */
  get expectation(): { sum: number; answered: number } {
    return { sum: this.at(PLACES.expectationSum), answered: this.at(PLACES.expectationAnswered) };
  }

  /** People by what they answered as a whole. */
  get respondents(): RespondentCounts {
    return {
      people: this.at(layoutOf(this.measure).total.at),
      allFavourable: this.at(PLACES.allFavourable),
      meanAtLeastFour: this.at(PLACES.meanAtLeastFour),
    };
  }

  /** Responses with a quality flag; one with two flags is counted under both. */
  flagged(flag: string): number {
    const at = layoutOf(this.measure).flags.get(flag);
    return at === undefined ? 0 : this.at(at);
  }

  /** How many people gave a level to any item of a factor; 0 where the survey has no such factor. */
  peopleOf(factor: string): number {
    const place = layoutOf(this.measure).factors.get(factor);
    return place ? this.at(place.at) : 0;
  }

  /** How often each answer was given to one item. @throws {RangeError} where the survey has no such item */
  item(code: string): LevelCounts {
    return this.levelsOf([this.place(code)]);
  }

  /** How many people gave a level to an item; 0 where the survey has no such item. */
  answering(code: string): number {
    const { at } = layoutOf(this.measure).items.get(code) ?? { at: -1 };
    return at < 0 ? 0 : this.at(at) + this.at(at + 1) + this.at(at + 2) + this.at(at + 3) + this.at(at + 4);
  }

  /** The same over the items of one factor, or of all factors. @throws {RangeError} where there is no such factor */
  items(factor?: string): LevelCounts {
    return this.levelsOf(this.sumsPlace(factor).items);
  }

  /** Levels of an item by levels of overall satisfaction. @throws {RangeError} where the survey has no such item */
  pairs(code: string): CrossTable {
    const { pairsAt } = this.place(code);
    return [0, 5, 10, 15, 20].map((row) => [...this.counts.subarray(pairsAt + row, pairsAt + row + 5)]);
  }

  /**
   * How alike the answers of one person are, over the items of one factor or of all factors.
   * @throws {RangeError} where the survey has no such factor
   */
  answersByPerson(factor?: string): AnswersByPerson {
    const place = this.sumsPlace(factor);
    const { levels } = this.levelsOf(place.items);
    return {
      people: this.at(place.at),
      answered: levels[0] + levels[1] + levels[2] + levels[3] + levels[4],
      favourable: levels[3] + levels[4],
      answeredSquared: this.at(place.at + 1),
      product: this.at(place.at + 2),
      favourableSquared: this.at(place.at + 3),
    };
  }

  /** People behind each figure that may be hidden for being small: all factors, each of them, each item, expectation. */
  get everyPeople(): number[] {
    const { total, factors, items } = layoutOf(this.measure);
    return [
      this.at(total.at),
      this.at(PLACES.expectationAnswered),
      ...[...factors.values()].map(({ at }) => this.at(at)),
      ...[...items.keys()].map((code) => this.answering(code)),
    ];
  }

  private at(index: number): number {
    return this.counts[index] ?? Number.NaN;
  }

  private levelsOf(items: readonly ItemPlace[]): LevelCounts {
    const sums: [number, number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0, 0];
    for (const { at } of items)
      for (let answer = 0; answer < 7; answer += 1)
        sums[answer] = (sums[answer] ?? 0) + (this.counts[at + answer] ?? 0);
    const [one, two, three, four, five, noOpinion, blank] = sums;
    return { levels: [one, two, three, four, five], noOpinion, blank };
  }

  private sumsPlace(factor: string | undefined): SumsPlace {
    const { total, factors } = layoutOf(this.measure);
    const place = factor === undefined ? total : factors.get(factor);
    if (!place) throw new RangeError(`the tally has no factor ${factor}`);
    return place;
  }

  private place(code: string): ItemPlace {
    const place = layoutOf(this.measure).items.get(code);
    if (!place) throw new RangeError(`the tally has no item ${code}`);
    return place;
  }
}

/** What one response adds to a tally of its survey: places and amounts in turn. Made once, added to several tallies. */
export type Increments = readonly number[];

/** Adds what one response adds. */
export function addIncrements({ counts }: Tally, increments: Increments): void {
  for (let index = 0; index < increments.length; index += 2) {
    const at = increments[index] ?? 0;
    counts[at] = (counts[at] ?? 0) + (increments[index + 1] ?? 0);
  }
}

/**
 * What one response adds. Blanks and "không có ý kiến" are passed over in everything told of a person as a whole, and
 * so is overall satisfaction, which is a question of its own; whoever gave no level at all is not counted there.
 * @param flags its quality flags, each once; they change no other count
 * @throws {RangeError} on a flag the measure does not know: a count that were lost would be worse
 */
export function incrementsOf(measure: Measure, answers: Answers, flags: readonly string[] = []): Increments {
  const layout = layoutOf(measure);
  const found = [PLACES.responses, 1];
  const expectation = answers[measure.expectation];
  if (typeof expectation === 'number')
    found.push(PLACES.expectationSum, expectation, PLACES.expectationAnswered, 1);
  for (const flag of flags) {
    const at = layout.flags.get(flag);
    if (at === undefined) throw new RangeError(`unknown flag ${flag}`);
    found.push(at, 1);
  }
  const overall = answers[measure.overall];
  const column = isLevel(overall) ? overall - 1 : -1;
  for (const [code, { at, pairsAt }] of layout.items) {
    const answer = answers[code];
    if (isLevel(answer)) {
      found.push(at + answer - 1, 1);
      if (column >= 0 && pairsAt >= 0) found.push(pairsAt + 5 * (answer - 1) + column, 1);
    } else found.push(at + (answer === NO_OPINION ? 5 : 6), 1);
  }
  let [given, favourable, sum] = [0, 0, 0];
  for (const { at, items } of layout.factors.values()) {
    let [ofFactor, favourableOfFactor] = [0, 0];
    for (const { code } of items) {
      const answer = answers[code];
      if (!isLevel(answer)) continue;
      ofFactor += 1;
      sum += answer;
      if (answer >= 4) favourableOfFactor += 1;
    }
    addSums(found, at, ofFactor, favourableOfFactor);
    given += ofFactor;
    favourable += favourableOfFactor;
  }
  addSums(found, layout.total.at, given, favourable);
  if (given > 0 && favourable === given) found.push(PLACES.allFavourable, 1);
  // Whole numbers: a mean of exactly 4 must not be lost to a division.
  if (given > 0 && sum >= 4 * given) found.push(PLACES.meanAtLeastFour, 1);
  return found;
}

function addSums(found: number[], at: number, given: number, favourable: number): void {
  if (given === 0) return;
  found.push(at, 1, at + 1, given * given, at + 2, given * favourable, at + 3, favourable * favourable);
}

/** Adds the counts of `other` to `tally`. @throws {RangeError} where they count different surveys */
export function mergeInto(tally: Tally, other: Tally): void {
  if (tally.measure !== other.measure) {
    const items = layoutOf(other.measure).items;
    for (const code of layoutOf(tally.measure).items.keys())
      if (!items.has(code)) throw new RangeError(`tallies of different surveys: no item ${code}`);
    if (tally.counts.length !== other.counts.length) throw new RangeError('tallies of different surveys');
  }
  const { counts } = tally;
  const more = other.counts;
  for (let at = 0; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + (more[at] ?? 0);
}

/** Whether an answer as stored is one of the five levels. */
function isLevel(answer: unknown): answer is 1 | 2 | 3 | 4 | 5 {
  return typeof answer === 'number' && Number.isInteger(answer) && answer >= 1 && answer <= 5;
}
