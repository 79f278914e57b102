/**
 * Everything that can be told of a set of tallies: one unit, all units of a province, one channel, several surveys.
 * Their answers are counted together, so whoever answered more weighs more. Nothing is computed before it is asked for.
 */
import { type AnswersByPerson, mergeAnswersInto, noAnswers, oneAnswerEach } from './answersByPerson.js';
import { type CrossTable, mergedCrossTable } from './crossTable.js';
import { type Distribution, distributionOf } from './distribution.js';
import { type Driver, keyDrivers } from './keyDrivers.js';
import {
  type MeanPercentage,
  type MeanScore,
  meanPercentage,
  meanScore,
  type Rate,
  satisfactionRate,
} from './rate.js';
import { type RespondentCounts, type RespondentRates, respondentRates } from './respondents.js';
import { type LevelCounts, type Measure, mergeInto, Tally } from './tally.js';

/** The figures of one item, one factor or all factors; null where nobody gave a level. */
export interface Figure {
  /** People who gave a level. */
  readonly people: number;
  readonly rate: Rate | null;
  readonly mean: MeanScore | null;
  readonly distribution: Distribution;
}

export class Pooled {
  /** One for each survey. */
  readonly #tallies: readonly Tally[];

  constructor(tallies: readonly Tally[]) {
    this.#tallies = tallies.length > 1 ? mergedBySurvey(tallies) : tallies;
  }

  /** People. */
  get responses(): number {
    return sum(this.#tallies, ({ responses }) => responses);
  }

  /** People who gave a level to at least one item of the factors. */
  get people(): number {
    return sum(this.#tallies, (tally) => tally.respondents.people);
  }

  /** All Likert items of all factors. */
  get total(): Figure {
    return figureOf(
      this.#tallies.map((tally) => tally.items()),
      this.answersByPerson,
    );
  }

  /** The separate question on overall satisfaction; never pooled with the factors. */
  get overall(): Figure {
    return ofOneItem(this.#tallies.map((tally) => tally.item(tally.measure.overall)));
  }

  /** People who answered the separate question on overall satisfaction. */
  get answeringOverall(): number {
    return sum(this.#tallies, (tally) => tally.answering(tally.measure.overall));
  }

  /** Expectation met; null where nobody answered. */
  get expectation(): MeanPercentage | null {
    const given = this.#tallies.map(({ expectation }) => expectation);
    return meanPercentage(
      sum(given, (each) => each.sum),
      sum(given, (each) => each.answered),
    );
  }

  /** Shares of people rather than of answers. */
  get respondents(): RespondentRates {
    const counts = this.#tallies.map(({ respondents }) => respondents);
    const of = (name: keyof RespondentCounts) => sum(counts, (each) => each[name]);
    return respondentRates({
      people: of('people'),
      allFavourable: of('allFavourable'),
      meanAtLeastFour: of('meanAtLeastFour'),
    });
  }

  /** How alike the answers of one person are, over all factors. */
  get answersByPerson(): AnswersByPerson {
    return pooledSums(this.#tallies.map((tally) => tally.answersByPerson()));
  }

  /** Responses with a quality flag. */
  flagged(flag: string): number {
    return sum(this.#tallies, (tally) => tally.flagged(flag));
  }

  /** Codes of the factors, in the order of the surveys. */
  get factorCodes(): string[] {
    return [...new Set(this.#tallies.flatMap(({ measure }) => measure.factors.map(({ code }) => code)))];
  }

  /** Codes of the factors' items, in the order of the surveys. */
  get itemCodes(): string[] {
    return [...new Set(this.#tallies.flatMap(({ measure }) => itemsOf(measure)))];
  }

  /** One factor, over the surveys that have it. */
  factor(code: string): Figure {
    const asked = this.#tallies.filter(({ measure }) =>
      measure.factors.some((factor) => factor.code === code),
    );
    return figureOf(
      asked.map((tally) => tally.items(code)),
      pooledSums(asked.map((tally) => tally.answersByPerson(code))),
    );
  }

  /** One item, over the surveys that ask it: a code means the same in all of them. */
  item(code: string): Figure {
    return ofOneItem(this.#asking(code).map((tally) => tally.item(code)));
  }

  /** Items against overall satisfaction: what to improve first. @param among which items are looked at */
  drivers(among: (code: string) => boolean = () => true): Driver[] {
    return keyDrivers(
      this.itemCodes.filter(among).map((code) => ({
        code,
        rate: this.item(code).rate?.value ?? null,
        pairs: this.#pairs(code),
      })),
    );
  }

  /** How many people gave a level to an item. */
  answering(code: string): number {
    return sum(this.#tallies, (tally) => tally.answering(code));
  }

  /** How many people gave a level to any item of a factor. */
  peopleOf(factor: string): number {
    return sum(this.#tallies, (tally) => tally.peopleOf(factor));
  }

  #asking(code: string): Tally[] {
    return this.#tallies.filter(({ measure }) => itemsOf(measure).includes(code));
  }

  #pairs(code: string): CrossTable {
    return mergedCrossTable(this.#asking(code).map((tally) => tally.pairs(code)));
  }
}

function mergedBySurvey(tallies: readonly Tally[]): Tally[] {
  const bySurvey = new Map<Measure, Tally>();
  for (const tally of tallies) {
    const merged = bySurvey.get(tally.measure) ?? new Tally(tally.measure);
    bySurvey.set(tally.measure, merged);
    mergeInto(merged, tally);
  }
  return [...bySurvey.values()];
}

function figureOf(counts: readonly LevelCounts[], sums: AnswersByPerson): Figure {
  const all = pooledCounts(counts);
  return {
    people: sums.people,
    rate: satisfactionRate(sums),
    mean: meanScore(all),
    distribution: distributionOf(all),
  };
}

function ofOneItem(counts: readonly LevelCounts[]): Figure {
  const all = pooledCounts(counts);
  return figureOf([all], oneAnswerEach(all.levels[3] + all.levels[4], answered(all)));
}

function pooledCounts(counts: readonly LevelCounts[]): LevelCounts {
  const [only] = counts;
  if (only && counts.length === 1) return only;
  const level = (index: 0 | 1 | 2 | 3 | 4) => sum(counts, ({ levels }) => levels[index]);
  return {
    levels: [level(0), level(1), level(2), level(3), level(4)],
    noOpinion: sum(counts, ({ noOpinion }) => noOpinion),
    blank: sum(counts, ({ blank }) => blank),
  };
}

function pooledSums(sums: readonly AnswersByPerson[]): AnswersByPerson {
  const all = noAnswers();
  for (const each of sums) mergeAnswersInto(all, each);
  return all;
}

function itemsOf({ factors }: Measure): string[] {
  return factors.flatMap(({ items }) => items);
}

function answered({ levels }: LevelCounts): number {
  return levels[0] + levels[1] + levels[2] + levels[3] + levels[4];
}

function sum<T>(parts: readonly T[], part: (of: T) => number): number {
  return parts.reduce((all, of) => all + part(of), 0);
}
